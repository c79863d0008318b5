// Package mail sends each message once, and not before the fact it tells is
// durable.
//
// A message comes from one of two places. The [Outbox] keeps messages as rows,
// added in the transaction that is their reason and encrypted under the house's
// key. A [Source] has messages that are due as a state of its own rows, such as
// the confirmation that a signature waits for; it is asked for them when they
// can be sent. The [Worker] drains both by lane, so that no confirmation waits
// behind a newsletter, and hands them to an SMTP server.
//
// A message is leased, handed over, and noted as sent, one after the other on
// each connection. A process that dies between the last two lets one message be
// sent again, with the same Message-ID and the same bytes.
//
// No address, name or word of a message enters a log, an error or a code.
package mail
