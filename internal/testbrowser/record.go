package testbrowser

import (
	"slices"
	"strings"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// A Request is one request that a page made. Each redirect is one of its own.
type Request struct {
	Method      string
	URL         string
	Type        string // as the browser names it: Document, Stylesheet, Image, Font, Script…
	Status      int    // 0 without a response
	Transferred int64  // bytes that came over the wire: headers and body, compressed as sent
	Failure     string // the browser's name of the error, "" if none
}

// record takes in one event. The browser's reading loop calls it: it must not
// block or call the browser.
func (p *Page) record(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if before := p.open[e.RequestID]; before != nil && e.RedirectResponse != nil {
			before.Status = int(e.RedirectResponse.Status)
			before.Transferred = int64(e.RedirectResponse.EncodedDataLength)
		}
		r := &Request{Method: e.Request.Method, URL: e.Request.URL, Type: string(e.Type)}
		p.requests = append(p.requests, r)
		p.open[e.RequestID] = r
	case *network.EventResponseReceived:
		if r := p.open[e.RequestID]; r != nil {
			r.Status = int(e.Response.Status)
			r.Transferred = int64(e.Response.EncodedDataLength)
		}
	case *network.EventLoadingFinished:
		if r := p.open[e.RequestID]; r != nil {
			r.Transferred = int64(e.EncodedDataLength)
		}
	case *network.EventLoadingFailed:
		if r := p.open[e.RequestID]; r != nil {
			r.Failure = e.ErrorText
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil && x.Description != "" {
			text = x.Description
		}
		p.console = append(p.console, text)
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError && e.Type != runtime.ConsoleAPICalledTypeAssert {
			return
		}
		var words []string
		for _, arg := range e.Args {
			if arg.Description != "" {
				words = append(words, arg.Description)
			} else {
				words = append(words, string(arg.Value))
			}
		}
		p.console = append(p.console, strings.Join(words, " "))
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			p.console = append(p.console, strings.TrimSpace(e.Entry.Text+" "+e.Entry.URL))
		}
	}
}

// Requests returns what the page has asked for so far, in order, over all
// addresses it has been to. Addresses that carry their own content (data:,
// blob:) are left out: nothing is sent for them.
func (p *Page) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []Request
	for _, r := range p.requests {
		if !strings.HasPrefix(r.URL, "data:") && !strings.HasPrefix(r.URL, "blob:") {
			all = append(all, *r)
		}
	}
	return all
}

// Forget empties the record of requests and errors, so that what follows is
// counted alone.
func (p *Page) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests, p.console = nil, nil
	clear(p.open)
}

// Transferred returns the bytes that came over the wire for all requests so
// far, headers included.
func (p *Page) Transferred() int64 {
	var sum int64
	for _, r := range p.Requests() {
		sum += r.Transferred
	}
	return sum
}

// Elsewhere returns the addresses that the page asked for outside the origin
// (scheme, host and port) of address, sorted, each once. It is empty for a page
// that keeps to itself.
func (p *Page) Elsewhere(address string) []string {
	var out []string
	for _, r := range p.Requests() {
		if !sameOrigin(r.URL, address) {
			out = append(out, r.URL)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Errors returns what a person would see in red in the browser's console:
// exceptions of scripts, failed loads, and what the content security policy
// refused.
func (p *Page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.console)
}
