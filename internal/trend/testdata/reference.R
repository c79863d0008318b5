# Writes the reference table that TestAgainstR reads:
#
#   Rscript internal/trend/testdata/reference.R > internal/trend/testdata/reference.tsv
#
# Each line is the name of a function, its arguments, a bar, its values. Only
# base R is used; its version is in the first line.
f <- function(x) ifelse(is.infinite(x), "Inf", sprintf("%.17g", x))
row <- function(kind, args, values)
  cat(paste(c(kind, f(args), "|", f(values)), collapse = "\t"), "\n", sep = "")
cat("# ", R.version.string, "\n", sep = "")

counts <- list(c(0, 1), c(1, 1), c(0, 2), c(1, 2), c(0, 10), c(1, 10), c(5, 10), c(9, 10), c(10, 10),
  c(38, 40), c(0, 100), c(1, 100), c(50, 100), c(99, 100), c(3, 1000), c(997, 1000), c(1, 10000),
  c(5000, 10000), c(9999, 10000), c(0, 1e6), c(1, 1e6), c(17, 1e6), c(123456, 1e6), c(500000, 1e6),
  c(999999, 1e6), c(1e6, 1e6), c(7, 23), c(22, 23), c(150, 4321), c(40000, 1e5))
alphas <- c(0.2, 0.05, 0.01, 0.0001)
for (c in counts) for (a in alphas) {
  x <- c[1]; n <- c[2]
  row("clopper", c(x, n, a), binom.test(x, n, conf.level = 1 - a)$conf.int)
  row("wilson", c(x, n, a), suppressWarnings(prop.test(x, n, conf.level = 1 - a, correct = FALSE))$conf.int)
}
for (x in c(0, 1, 2, 3, 5, 8, 13, 40, 144, 1000, 12345, 1e6)) for (t in c(0.01, 1, 7.3, 3650)) for (a in alphas)
  row("poisson", c(x, t, a), poisson.test(x, t, conf.level = 1 - a)$conf.int)

rates <- list(c(9, 16660, 2, 17877), c(4, 5, 12, 3), c(0, 4, 5, 4), c(5, 4, 0, 4), c(6, 2, 6, 2), c(10, 10, 25, 10),
  c(1, 1, 7, 1), c(0, 1, 8, 1), c(8, 1, 0, 1), c(0, 3650, 20, 30), c(20, 3650, 20, 30), c(100, 3652, 300, 3652),
  c(300, 3652, 100, 3652), c(1, 1000, 1, 0.001), c(1000, 10, 1200, 10), c(5000, 365, 5000, 365), c(5000, 365, 5600, 365),
  c(3, 2922, 40, 731), c(12, 1461, 61, 1826), c(400000, 5, 400500, 5), c(2, 1, 60, 1), c(60, 1, 2, 1),
  c(0, 1, 200, 1), c(250, 1, 0, 1), c(30, 100, 30, 1), c(30, 1, 30, 100), c(17, 3.5, 29, 0.7), c(1, 1, 0, 5))
for (r in rates) for (a in alphas) {
  ci <- poisson.test(c(r[3], r[1]), c(r[4], r[2]), conf.level = 1 - a)$conf.int
  n <- r[1] + r[3]; p <- r[4] / (r[2] + r[4])
  lower <- pbinom(r[3], n, p); upper <- pbinom(r[3] - 1, n, p, lower.tail = FALSE)
  row("rates", c(r, a), c(ci, min(1, 2 * min(lower, upper))))
}
for (n in c(1, 8, 20, 137, 1000, 25000)) for (p in c(1e-6, 0.01, 0.3, 0.5, 0.9, 0.999)) for (u in c(0, 0.1, 0.5, 0.77, 1)) {
  x <- round(u * n)
  row("binomial", c(x, n, p), c(pbinom(x, n, p), pbinom(x - 1, n, p, lower.tail = FALSE)))
}
for (m in c(0.001, 0.5, 3, 42.5, 1000, 54321)) for (u in c(0, 0.3, 0.9, 1, 1.1, 1.7, 3)) {
  x <- round(u * m)
  row("poissontail", c(x, m), c(ppois(x, m), ppois(x - 1, m, lower.tail = FALSE)))
}
for (df in c(1, 2, 3, 5, 10, 30, 82, 238, 958)) {
  for (t in c(0.001, 0.1, 0.5, 1, 1.96, 2.5, 4, 8, 15)) row("student", c(t, df), 2 * pt(-t, df))
  for (a in c(0.5, alphas)) row("studentquantile", c(a, df), qt(1 - a / 2, df))
}
for (df in c(1, 2, 7, 23, 83, 239, 959)) for (u in c(0.05, 0.5, 0.9, 1, 1.2, 2, 3.5, 6))
  row("chisquare", c(u * df, df), pchisq(u * df, df, lower.tail = FALSE))
for (a in c(0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 1e-4, 1e-8)) row("normal", a, qnorm(a))
for (p in list(c(0.01, 0.02, 0.03), c(0.5, 0.001, 0.04, 0.04), c(1, 1), c(0.2), c(0.011, 0.012, 0.013, 0.9, 0.0001)))
  row("holm", p, p.adjust(p, "holm"))

# Quasi-Poisson: the Wald test of a period in glm's quasipoisson family, with as
# many bins in each period as are given, all of one length.
for (y in list(list(c(3, 0, 5, 1, 9, 2), c(0, 4, 8, 12)), list(c(1, 0, 0, 2, 1, 0, 3), c(4, 1, 6, 2, 0, 3)), list(c(10, 12, 30), c(5, 7)))) {
  counts <- c(y[[1]], y[[2]]); later <- rep(0:1, lengths(y))
  m <- summary(glm(counts ~ later, family = quasipoisson, control = list(epsilon = 1e-14, maxit = 100)))
  row("quasi", c(length(y[[1]]), counts), c(m$dispersion, exp(m$coefficients[2, 1]), m$coefficients[2, 3], m$coefficients[2, 4]))
}
