// SPDX-License-Identifier: MIT OR BSL-1.0
// A goroutine a connection, where Go is installed: over TCP, or over UNIX sockets of the kind that the argument names,
// "stream", "datagram" or "descriptors", under the abstract name of the process. Prints "port N".
package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

// What came goes back with the descriptor that it came with.
func serveDescriptors(connection net.Conn) {
	defer connection.Close()
	unix := connection.(*net.UnixConn)
	buffer := make([]byte, bufferSize)
	control := make([]byte, syscall.CmsgSpace(4))
	for {
		n, size, _, _, err := unix.ReadMsgUnix(buffer, control)
		if err != nil || n == 0 {
			return
		}
		messages, err := syscall.ParseSocketControlMessage(control[:size])
		if err != nil || len(messages) != 1 {
			return
		}
		fds, err := syscall.ParseUnixRights(&messages[0])
		if err != nil {
			return
		}
		_, _, err = unix.WriteMsgUnix(buffer[:n], syscall.UnixRights(fds...), nil)
		for _, fd := range fds {
			syscall.Close(fd)
		}
		if err != nil {
			return
		}
	}
}

func answer(socket *net.UnixConn) {
	buffer := make([]byte, bufferSize)
	for {
		n, from, err := socket.ReadFromUnix(buffer)
		check(err)
		socket.WriteToUnix(buffer[:n], from) // its client may have gone
	}
}

func main() {
	kind := ""
	if len(os.Args) > 1 {
		kind = os.Args[1]
	}
	name := fmt.Sprintf("@emilua-benchmark-%d", os.Getpid())
	switch kind {
	case "":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		check(err)
		fmt.Println("port", listener.Addr().(*net.TCPAddr).Port)
		accept(listener, serve)
	case "stream", "descriptors":
		listener, err := net.Listen("unix", name)
		check(err)
		fmt.Println("port", os.Getpid())
		if kind == "stream" {
			accept(listener, serve)
		} else {
			accept(listener, serveDescriptors)
		}
	case "datagram":
		socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
		check(err)
		fmt.Println("port", os.Getpid())
		answer(socket)
	default:
		fmt.Fprintln(os.Stderr, "usage: echo_go [stream|datagram|descriptors]")
		os.Exit(2)
	}
}
