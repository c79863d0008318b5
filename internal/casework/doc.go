// Package casework holds the use cases of the register and is the only writer.
// The web, the command line and the importers all go through it, so permission,
// validation, the change itself and its journal entry are decided in one place
// and happen in one transaction or not at all.
//
// Reading for pages is here too, because who sees what is part of every use
// case: a page's data is gathered in one snapshot for one viewer.
package casework
