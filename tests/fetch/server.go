// A Go program that serves its profiles, as many do, and what goes wrong on the way to one.
//
//	server FOLDER FILES
//
// It listens on loopback and on a socket, writes ports, certificates and keys to FOLDER, and a line for each request to
// FOLDER/log. It serves the files of the folder FILES below /file/. It ends after five minutes in any case.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var folder string

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func write(name, text string) {
	path := filepath.Join(folder, name)
	must(os.WriteFile(path+".new", []byte(text), 0600))
	must(os.Rename(path+".new", path))
}

// ---- something to see in profiles

var kept [][]byte

//go:noinline
func allocate() []byte { return make([]byte, 64<<10) }

func work() {
	var mutex sync.Mutex
	runtime.MemProfileRate = 4096
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	for i := 0; i < 100; i++ {
		kept = append(kept, allocate())
	}
	for i := 0; i < 2; i++ {
		go func() {
			for {
				mutex.Lock()
				time.Sleep(time.Millisecond)
				mutex.Unlock()
			}
		}()
	}
	go func() {
		for x := 0; ; x++ {
			time.Sleep(time.Millisecond)
			for stop := time.Now().Add(2 * time.Millisecond); time.Now().Before(stop); {
				x++
			}
		}
	}()
}

// ---- certificates

type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func asPEM(kind string, bytes []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes})
}

var serial int64

func newCertificate(name string, by *authority) (*x509.Certificate, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	serial++
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true}
	if by == nil {
		c.IsCA = true
		c.KeyUsage = x509.KeyUsageCertSign
		by = &authority{c, key}
	} else {
		c.KeyUsage = x509.KeyUsageDigitalSignature
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
		c.DNSNames = []string{"localhost"}
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by.cert, &key.PublicKey, by.key)
	must(err)
	c, err = x509.ParseCertificate(der)
	must(err)
	secret, err := x509.MarshalECPrivateKey(key)
	must(err)
	write(name+".pem", string(asPEM("CERTIFICATE", der)))
	write(name+".key", string(asPEM("EC PRIVATE KEY", secret)))
	return c, key
}

// ---- what goes wrong

func redirect(to string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, status) }
}

func heap() []byte {
	var b bytes.Buffer
	must(pprof.Lookup("heap").WriteTo(&b, 0))
	return b.Bytes()
}

func routes(files string) {
	http.Handle("/file/", http.StripPrefix("/file/", http.FileServer(http.Dir(files))))
	http.HandleFunc("/text404", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no such\nprofile \x1b[31mhere\x1b[0m \u009b1m"+strings.Repeat("x", 10000), 404)
	})
	http.HandleFunc("/html500", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(500)
		fmt.Fprint(w, "<p>broken")
	})
	http.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<p>log in first")
	})
	http.HandleFunc("/hang", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	endless := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(status)
			for b := bytes.Repeat([]byte("more "), 20000); ; {
				if _, err := w.Write(b); err != nil {
					return
				}
			}
		}
	}
	http.HandleFunc("/endless", endless(200))
	http.HandleFunc("/endless500", endless(500))
	http.HandleFunc("/damaged", func(w http.ResponseWriter, r *http.Request) { w.Write(heap()[:300]) })
	http.HandleFunc("/short", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100000")
		w.Write(heap()[:300])
	})
	http.HandleFunc("/round", redirect("/round", 302))
	http.HandleFunc("/moved", redirect("/debug/pprof/heap", 302))
	http.HandleFunc("/away", redirect("file:///etc/passwd", 302))
	http.HandleFunc("/socket", redirect("http+unix://%2Ftmp%2Fx/", 302))
	http.HandleFunc("/private", func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "gopher" || password != "secret" {
			http.Error(w, "who are you?", 401)
			return
		}
		w.Write(heap())
	})
	var waiting int32
	all := make(chan bool)
	http.HandleFunc("/together", func(w http.ResponseWriter, r *http.Request) {
		if atomic.AddInt32(&waiting, 1) == 12 {
			close(all)
		}
		select {
		case <-all:
			w.Write(heap())
		case <-r.Context().Done():
		}
	})
	var asked int32
	http.HandleFunc("/thrice", func(w http.ResponseWriter, r *http.Request) {
		if atomic.AddInt32(&asked, 1) > 2 {
			<-r.Context().Done()
		}
		w.Write(heap())
	})
	http.HandleFunc("/nothing", func(w http.ResponseWriter, r *http.Request) {})
	// A profile without samples, whose type and binary have names that lead out of any folder.
	http.HandleFunc("/evil", func(w http.ResponseWriter, r *http.Request) {
		strings := []string{"", "../../type\x1b[2J/x", "count", "/bin/..\n evil"}
		p := []byte{0x0a, 4, 8, 1, 16, 2, 0x1a, 4, 8, 1, 40, 3}
		for _, s := range strings {
			p = append(append(p, 0x32, byte(len(s))), s...)
		}
		w.Write(p)
	})
}

// ---- listening

func logged(next http.Handler) http.Handler {
	var mutex sync.Mutex
	out, err := os.OpenFile(filepath.Join(folder, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0600)
	must(err)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		fmt.Fprintf(out, "%s %s host=%s token=%s authorization=%t\n", r.Method, r.RequestURI, r.Host, r.Header.Get("X-Token"),
			r.Header.Get("Authorization") != "")
		mutex.Unlock()
		next.ServeHTTP(w, r)
	})
}

func listen() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	return l
}

func port(l net.Listener) string { return fmt.Sprint(l.Addr().(*net.TCPAddr).Port) }

// A proxy for names that do not exist: it answers itself.
func proxy(w http.ResponseWriter, r *http.Request) {
	if r.URL.Host != "profiles.invalid" {
		http.Error(w, "not through here", 502)
		return
	}
	w.Write(heap())
}

func main() {
	folder = os.Args[1]
	time.AfterFunc(5*time.Minute, func() { os.Exit(1) })
	work()
	ca, caKey := newCertificate("ca", nil)
	by := &authority{ca, caKey}
	server, serverKey := newCertificate("server", by)
	newCertificate("client", by)
	newCertificate("other", nil)
	identity := tls.Certificate{Certificate: [][]byte{server.Raw}, PrivateKey: serverKey}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	log.SetOutput(new(bytes.Buffer)) // of handshakes that are meant to fail

	plain, second, secure, mutual, proxied := listen(), listen(), listen(), listen(), listen()
	socket, err := net.Listen("unix", filepath.Join(folder, "socket"))
	must(err)
	routes(os.Args[2])
	http.HandleFunc("/other", redirect("http://127.0.0.1:"+port(second)+"/debug/pprof/heap", 307))
	http.HandleFunc("/absolute", redirect("http://127.0.0.1:"+port(plain)+"/private", 302))
	http.HandleFunc("/elsewhere", redirect("http://localhost:"+port(second)+"/private", 302))
	http.HandleFunc("/insecure", redirect("https://127.0.0.1:"+port(secure)+"/debug/pprof/heap", 307))
	handler := logged(http.DefaultServeMux)
	go http.Serve(plain, handler)
	go http.Serve(second, handler)
	go http.Serve(socket, handler)
	go http.Serve(tls.NewListener(secure, &tls.Config{Certificates: []tls.Certificate{identity}}), handler)
	go http.Serve(tls.NewListener(mutual, &tls.Config{Certificates: []tls.Certificate{identity},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}), handler)
	go http.Serve(proxied, http.HandlerFunc(proxy))
	write("ports", fmt.Sprintf("plain=%s second=%s secure=%s mutual=%s proxy=%s\n", port(plain), port(second), port(secure),
		port(mutual), port(proxied)))
	select {}
}
