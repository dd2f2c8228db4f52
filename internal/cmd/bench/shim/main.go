//go:build unix

// Command shim stands where the CLI looks for a provider. It runs the one that
// BENCH_PROVIDER names, and adds to the file BENCH_USAGE what that took.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

func main() {
	provider := exec.Command(os.Getenv("BENCH_PROVIDER"), os.Args[1:]...)
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := provider.Run(); err != nil {
		log.Fatal(err)
	}
	usage, err := os.OpenFile(os.Getenv("BENCH_USAGE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	state := provider.ProcessState
	if _, err := fmt.Fprintln(usage, int64(state.UserTime()+state.SystemTime()), peak(state)); err != nil {
		log.Fatal(err)
	}
}

// peak returns the most memory that a process had, in bytes.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
