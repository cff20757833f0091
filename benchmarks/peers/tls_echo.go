// SPDX-License-Identifier: MIT OR BSL-1.0
// A goroutine a connection over crypto/tls, where Go is installed. Prints "port N".
// usage: tls_echo_go CERTIFICATE KEY
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: tls_echo_go CERTIFICATE KEY")
		os.Exit(2)
	}
	identity, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	check(err)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{identity}})
	check(err)
	fmt.Println("port", listener.Addr().(*net.TCPAddr).Port)
	accept(listener, serve)
}
