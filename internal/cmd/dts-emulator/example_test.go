package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A test of a module, in whatever language, starts the command, reads from its
// first line where it listens, and stops it when done. It imports nothing of
// this project.
func Example() {
	directory, err := os.MkdirTemp("", "emulator-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(directory) }()
	binary := filepath.Join(directory, "dts-emulator")
	if err := exec.Command("go", "build", "-o", binary, ".").Run(); err != nil {
		panic(err)
	}

	emulator := exec.Command(binary, "--listen", "127.0.0.1:0")
	output, err := emulator.StdoutPipe()
	if err != nil {
		panic(err)
	}
	if err := emulator.Start(); err != nil {
		panic(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		panic(err)
	}
	url := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))

	response, err := http.Get(url + "/_emulator/health")
	if err != nil {
		panic(err)
	}
	health, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	_ = response.Body.Close()
	fmt.Println(response.StatusCode, strings.Contains(string(health), `"ok"`))

	_ = emulator.Process.Signal(os.Interrupt)
	fmt.Println(emulator.Wait())
	// Output:
	// 200 true
	// <nil>
}
