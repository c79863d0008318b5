package petitions

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
)

// mailProviders are domains at which anybody can have an address. An address
// there proves nothing about an organisation, and is common enough to be named
// in trends without pointing at anybody.
var mailProviders = set(
	"126.com", "163.com", "aol.com", "att.net", "bk.ru", "bluewin.ch", "btinternet.com", "comcast.net", "daum.net", "duck.com", "email.cz",
	"fastmail.com", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.co.uk",
	"hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it", "hushmail.com", "icloud.com", "inbox.lv", "inbox.ru", "laposte.net", "libero.it",
	"list.ru", "live.ca", "live.co.uk", "live.com", "live.com.au", "live.fr", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ru",
	"mailbox.org", "mailfence.com", "me.com", "msn.com", "naver.com", "o2.pl", "online.no", "orange.fr", "outlook.com", "outlook.de",
	"pm.me", "posteo.de", "proton.me", "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "riseup.net",
	"rocketmail.com", "seznam.cz", "sina.com", "sky.com", "t-online.de", "telus.net", "tuta.com", "tuta.io", "tutanota.com", "tutanota.de",
	"verizon.net", "virgilio.it", "wanadoo.fr", "web.de", "wp.pl", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk",
	"yahoo.com", "yahoo.com.au", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.in", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com",
	"zoho.com",
)

// sharedSites are sites on which many organisations have a page: the domain is
// none of theirs.
var sharedSites = set(
	"about.me", "amazonaws.com", "azurewebsites.net", "bit.ly", "change.org", "discord.gg", "facebook.com", "fb.com", "fb.me", "flickr.com",
	"github.com", "gitlab.com", "gofundme.com", "google.com", "instagram.com", "issuu.com", "linkedin.com", "linktr.ee", "mastodon.social",
	"medium.com", "meetup.com", "notion.site", "patreon.com", "pinterest.com", "reddit.com", "scribd.com", "soundcloud.com", "squarespace.com",
	"substack.com", "t.me", "telegram.me", "threads.net", "tiktok.com", "tumblr.com", "twitter.com", "vimeo.com", "vk.com", "wa.me",
	"weebly.com", "whatsapp.com", "wikipedia.org", "wix.com", "wordpress.com", "x.com", "youtu.be", "youtube.com",
)

func set(domains ...string) map[string]bool {
	m := make(map[string]bool, len(domains))
	for _, d := range domains {
		m[d] = true
	}
	return m
}

// cleanSite returns an organisation's site as it is kept, an http or https
// address, and the registrable domain that it is under: "example.org" of
// "www.example.org". The domain is "" where the site is on a domain that many
// share, so that nothing about it proves who somebody is.
func cleanSite(s string) (site, domain string, ok bool) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" || u.Port() != "" || len(s) > 1000 {
		return "", "", false
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return "", "", false
	}
	if !utf8.ValidString(host) {
		return "", "", false
	}
	host, err = idna.Lookup.ToASCII(host)
	if err != nil {
		return "", "", false
	}
	host = strings.ToLower(host)
	// A name that does not come out of itself again is none that a resolver knows.
	if again, err := idna.Lookup.ToASCII(host); err != nil || again != host {
		return "", "", false
	}
	if domain, ok = registrable(host); !ok {
		return "", "", false
	}
	u.Host, u.Fragment, u.RawFragment = host, "", ""
	if mailProviders[domain] || signature.DomainHit(host, sharedSites) {
		domain = ""
	}
	return u.String(), domain, true
}

// registrable returns the part of a host name that somebody has registered. A
// host right below a suffix that a registry or a company keeps for others is its
// own domain.
func registrable(host string) (string, bool) {
	if !strings.Contains(host, ".") || strings.ContainsAny(host, "_/:@ ") {
		return "", false
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return "", false
	}
	// A last part that is in no list of suffixes is no name of the public internet.
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann && !strings.Contains(suffix, ".") {
		return "", false
	}
	return domain, true
}

// provesBy reports whether an address can prove that its holder speaks for the
// organisation with this site and registrable domain: one right at that domain or
// at the site's own host. Further down are the students of a university and the
// customers of a provider.
func provesBy(a signature.Address, site, domain string) bool {
	if at, ok := registrable(a.Domain); !ok || domain == "" || at != domain || mailProviders[at] {
		return false
	}
	u, err := url.Parse(site)
	return a.Domain == domain || err == nil && a.Domain == u.Hostname()
}

// throwawayDomains give anybody an address for some minutes.
var throwawayDomains = set(
	"10minutemail.com", "dispostable.com", "emailondeck.com", "fakeinbox.com", "getnada.com", "grr.la", "guerrillamail.com",
	"guerrillamail.net", "guerrillamail.org", "mail-temp.com", "maildrop.cc", "mailinator.com", "mailnesia.com", "minuteinbox.com",
	"mintemail.com", "moakt.com", "mohmal.com", "mytemp.email", "sharklasers.com", "spamgourmet.com", "temp-mail.io", "temp-mail.org",
	"tempail.com", "tempmail.com", "tempr.email", "throwawaymail.com", "trashmail.com", "trashmail.de", "yopmail.com", "yopmail.fr",
)

// throwaway reports whether a domain gives addresses to anybody for some minutes,
// or is one from which signatures do not count here.
func throwaway(domain string, rules *signing.Rules) bool {
	return signature.DomainHit(domain, throwawayDomains) || rules != nil && signature.DomainHit(domain, rules.Blocked)
}
