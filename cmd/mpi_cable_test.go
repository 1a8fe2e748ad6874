//go:build mpi && netns

package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hosts are two network namespaces with a cable between them, named by their
// addresses, and a shell that stands for ssh.
func hosts(t *testing.T) (a, b, shell string) {
	t.Helper()
	a, b = "10.77.0.1", "10.77.0.2"
	ip := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v: %s", args, err, out)
		}
	}
	for _, h := range []string{a, b} {
		ip("netns", "add", h)
		t.Cleanup(func() {
			left, _ := exec.Command("ip", "netns", "pids", h).Output() // Open MPI's daemon may outlive the cut
			for _, pid := range strings.Fields(string(left)) {
				_ = exec.Command("kill", "-9", pid).Run()
			}
			_ = exec.Command("ip", "netns", "del", h).Run()
		})
	}
	ip("link", "add", "cable", "netns", a, "type", "veth", "peer", "name", "cable", "netns", b)
	for _, h := range []string{a, b} {
		ip("-n", h, "addr", "add", h+"/24", "dev", "cable")
		ip("-n", h, "link", "set", "cable", "up")
		ip("-n", h, "link", "set", "lo", "up")
	}
	shell = filepath.Join(t.TempDir(), "shell")
	script := "#!/bin/sh\nwhile [ \"${1#-}\" != \"$1\" ]; do shift; done\nh=$1; shift\nexec ip netns exec $h unshare --uts sh -c \"hostname $h; $*\"\n"
	if err := os.WriteFile(shell, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return a, b, shell
}

// Two hosts train together; when the cable between them is cut, each names the
// other, and mpirun ends too, where it watches over its own connections.
func TestCutCableUnderMPI(t *testing.T) {
	train := withMPI(t)
	a, b, shell := hosts(t)
	l := launcher{"ip", []string{"netns", "exec", a, "unshare", "--uts", "sh", "-c", `hostname ` + a + `; exec mpirun.openmpi "$@"`, "mpirun",
		"--mca", "plm_rsh_agent", shell, "--host", a + ":1," + b + ":1", "--bind-to", "none", "--mca", "btl", "tcp,self",
		"--mca", "btl_tcp_if_include", "10.77.0.0/24", "--mca", "oob_tcp_if_include", "10.77.0.0/24",
		"--mca", "oob_tcp_keepalive_time", "2", "--mca", "oob_tcp_keepalive_intvl", "2", "--mca", "oob_tcp_keepalive_probes", "2"}}

	dir := filepath.Join(t.TempDir(), "whole")
	if r := l.start(t, 2, append(short(train, "-distributed", "mpi"), dir)...); r.Wait() != nil {
		t.Fatal(&r.said)
	}
	if got, want := learned(t, dir), alone(t, train); got != want {
		t.Errorf("two hosts: weights %s, want %s", got, want)
	}

	dir = filepath.Join(t.TempDir(), "cut")
	r := l.start(t, 2, append(short(train, "-epochs", "500", "-distributed", "mpi", "-mpi-timeout", "5s"), dir)...)
	waitFor(t, filepath.Join(dir, "last.safetensors"))
	if out, err := exec.Command("ip", "-n", b, "link", "set", "cable", "down").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := r.Wait(); err == nil || !strings.Contains(r.said.String(), "rank 0 waited 5s for rank 1, which does not answer") {
		t.Errorf("%v: %s", err, &r.said)
	}
	learned(t, dir) // the newest checkpoint is whole
}
