# Rscript lme4.R WORKLOAD FORMULA GROUPS(comma) CACHE REPEATS: times lmer and prints one line of JSON.
arguments <- commandArgs(TRUE)
suppressMessages(library(lme4))
data <- read.csv(file.path(arguments[4], paste0(arguments[1], ".csv")))
for (group in strsplit(arguments[3], ",")[[1]]) data[[group]] <- factor(data[[group]])
formula <- as.formula(arguments[2])
memory <- function(field) as.numeric(gsub("[^0-9]", "", grep(field, readLines("/proc/self/status"), value = TRUE))) / 1024
before <- memory("VmHWM")
cpu <- c()
for (i in seq_len(as.integer(arguments[5]))) {
  gc(FALSE)
  time <- system.time(model <- suppressMessages(suppressWarnings(lmer(formula, data, REML = TRUE))))
  cpu <- c(cpu, time[["user.self"]] + time[["sys.self"]])
}
text <- paste(unlist(model@optinfo$conv$lme4$messages), collapse = "; ")
cat(sprintf('{"cpu": [%s], "criterion": %.10f, "memory_mb": %.1f, "evaluations": %d, "message": "%s", "version": "%s", "blas": "%s"}\n',
  paste(sprintf("%.4f", cpu), collapse = ", "), REMLcrit(model), memory("VmHWM") - before, model@optinfo$feval,
  gsub('"', "'", text), paste("R", getRversion(), "lme4", packageVersion("lme4")), extSoftVersion()[["BLAS"]]))
