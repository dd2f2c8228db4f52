// Command bench compares what a plan over many jobs costs with what it costs in
// other ways, as whole processes: a real CLI, the built provider, a server of
// its own. It prints a table in Markdown. Run it by make bench.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/load"
)

// inventory has the fields of a job.
const inventory = "internal/provider/testdata/DescribeDtsJobs.fields.tsv"

// longest is what a run may take to be repeated.
const longest = 30 * time.Second

// ways are what is compared; the provider's own has no name.
var ways = []struct{ name, title string }{
	{"free", "the same state, for free"},
	{"reflection", "structs, set by the framework's reflection"},
	{"tftypes", "`tftypes`, through the framework"},
	{"", "this provider"},
}

func main() {
	sizes := flag.String("jobs", "100,1000,10000", "`numbers` of jobs to read")
	repeats := flag.Int("repeats", 3, "`times` to run each; the least of each cost counts")
	flag.Parse()
	if err := run(*sizes, *repeats); err != nil {
		log.Fatal(err)
	}
}

func run(sizes string, repeats int) (err error) {
	folder, err := os.MkdirTemp("", "dts-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	b, err := newBench(folder)
	if err != nil {
		return err
	}
	if err := b.startUp(repeats); err != nil {
		return err
	}
	fmt.Println("| jobs | way | `plan` | × free | core CPU | provider CPU | a job | × reflection | provider RSS |")
	fmt.Println("|---:|---|---:|---:|---:|---:|---:|---:|---:|")
	for size := range strings.SplitSeq(sizes, ",") {
		jobs, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		if err := b.compare(jobs, repeats); err != nil {
			return fmt.Errorf("%d jobs: %w", jobs, err)
		}
	}
	return nil
}

// compare prints the rows of one size.
func (b *bench) compare(size, repeats int) error {
	jobs, err := load.New(inventory, size)
	if err != nil {
		return err
	}
	server := httptest.NewServer(jobs)
	defer server.Close()
	b.endpoint = strings.TrimPrefix(server.URL, "http://")
	b.state = filepath.Join(b.folder, strconv.Itoa(size)+".msgpack")
	if _, err := b.plan("free"); err != nil { // Records the state.
		return err
	}
	costs := map[string]cost{}
	for range repeats { // In turns, so that what else the machine does meets all alike.
		for _, way := range ways {
			if err := again(costs, way.name, func() (cost, error) { return b.plan(way.name) }); err != nil {
				return fmt.Errorf("%s: %w", way.title, err)
			}
		}
	}
	for _, way := range ways {
		c := costs[way.name]
		fmt.Printf("| %d | %s | %.2f s | %.2f | %.2f s | %.2f s | %.3f ms | %.3f | %.0f MiB |\n", size, way.title,
			c.wall.Seconds(), c.wall.Seconds()/costs["free"].wall.Seconds(),
			c.core.Seconds(), c.provider.cpu.Seconds(), c.provider.cpu.Seconds()*1000/float64(size),
			c.provider.cpu.Seconds()/costs["reflection"].provider.cpu.Seconds(), mebibytes(c))
	}
	return nil
}

// mebibytes is the provider's memory.
func mebibytes(c cost) float64 { return float64(c.provider.memory) / (1 << 20) }

// startUp prints what reading the schema costs over the bare CLI.
func (b *bench) startUp(repeats int) error {
	costs := map[string]cost{}
	for range repeats {
		for _, folder := range []string{"empty", "jobs"} {
			if err := again(costs, folder, func() (cost, error) { return b.cli(folder, nil, "providers", "schema", "-json") }); err != nil {
				return err
			}
		}
	}
	bare, schema := costs["empty"], costs["jobs"]
	binary, err := os.Stat(b.provider)
	if err != nil {
		return err
	}
	fmt.Printf("`providers schema` takes %.0f ms over the bare CLI; the provider takes %.0f MiB for it, and its binary %.1f MB.\n\n",
		float64((schema.wall-bare.wall).Microseconds())/1000, mebibytes(schema), float64(binary.Size())/1e6)
	return nil
}

// again runs something once more, and keeps the least of each cost under its
// name, for what else the machine does only adds. What takes long is not
// repeated.
func again(costs map[string]cost, name string, run func() (cost, error)) error {
	best, ran := costs[name]
	if best.wall > longest {
		return nil
	}
	c, err := run()
	if ran {
		c.wall, c.core = min(c.wall, best.wall), min(c.core, best.core)
		c.provider.cpu, c.provider.memory = min(c.provider.cpu, best.provider.cpu), min(c.provider.memory, best.provider.memory)
	}
	costs[name] = c
	return err
}
