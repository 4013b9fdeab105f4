package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures {@link Telling} with channels that take everything and with channels of which none does, and tells it as a table; progress goes to
 * stdout before that.
 *
 * <pre>{@code
 * TellingReport [seconds]          -Dbenchmarks.agent=<holdfast-agent.jar>   -Dbenchmarks.scratch=<folder>
 * }</pre>
 */
public final class TellingReport {

    /** A port where nobody listens, and a machine that there is not. */
    private static final List<String> DEAD = List.of(
            "-Dholdfast.channel.hook=http://127.0.0.1:9/",
            "-Dholdfast.channel.rabbit=amqp://127.0.0.1:9/?routingKey=q",
            "-Dholdfast.channel.stream=redis://127.0.0.1:9/?stream=s",
            "-Dholdfast.channel.mail=smtp://127.0.0.1:9/?from=a@b.c&to=a@b.c",
            "-Dholdfast.channel.far=https://192.0.2.1/",
            "-Dholdfast.notify=hook,rabbit,stream,mail,far");

    private final int seconds;
    private final StringBuilder table = new StringBuilder();

    private TellingReport(int seconds) {
        this.seconds = seconds;
    }

    /** How many seconds each line is measured, 10 if nothing is said. */
    public static void main(String[] args) throws RunnerException {
        TellingReport report = new TellingReport(args.length == 0 ? 10 : Integer.parseInt(args[0]));
        report.measure();
        System.out.print(report.table);
    }

    private void measure() throws RunnerException {
        table.append("| failures a second | channels | | median | 99 % | on average |\n");
        table.append("| --- | --- | --- | ---: | ---: | ---: |\n");
        run("successBare", 0, "", List.of(), seconds);
        run("successTold", 0, "", List.of(), seconds);
        for (int perSecond : new int[] {1, 10_000, 0}) {
            int enough = perSecond == 1 ? Math.max(30, seconds) : seconds;
            run("failureBare", perSecond, "none", List.of(), enough);
            run("failureByHand", perSecond, "none", List.of(), enough);
            String file = scratch("events") + ".jsonl";
            run(
                    "failureTold",
                    perSecond,
                    "a file",
                    List.of("-Dholdfast.channel.file=file:" + file, "-Dholdfast.notify=file"),
                    enough);
            run("failureTold", perSecond, "five, all dead", DEAD, enough);
        }
    }

    private static Path scratch(String name) {
        try {
            Path scratch = Path.of(System.getProperty("benchmarks.scratch")).toAbsolutePath();
            return Files.createTempDirectory(Files.createDirectories(scratch), name);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void run(String method, int perSecond, String channels, List<String> options, int seconds)
            throws RunnerException {
        List<String> jvm = new ArrayList<>(options);
        jvm.add("-javaagent:" + System.getProperty("benchmarks.agent"));
        jvm.add("-Dholdfast.journal=" + scratch("journal"));
        jvm.add("-Dholdfast.log=error");
        OptionsBuilder builder = new OptionsBuilder();
        builder.include("^" + Telling.class.getName().replace(".", "\\.") + "\\." + method + "$")
                .addProfiler(CpuTime.class)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(1)
                .measurementTime(TimeValue.seconds(seconds))
                .param("perSecond", String.valueOf(perSecond))
                .jvmArgs(jvm.toArray(new String[0]));
        for (RunResult result : new Runner(builder.build()).run()) {
            Result<?> primary = result.getPrimaryResult();
            boolean isSampled = primary.getStatistics().getN() > 1;
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %.1f ns |%n",
                    method.startsWith("success") ? "" : perSecond == 0 ? "all it can" : String.valueOf(perSecond),
                    channels,
                    result.getParams().getBenchmark().replaceAll(".*\\.", ""),
                    isSampled ? nanos(primary.getStatistics().getPercentile(50)) : "",
                    isSampled ? nanos(primary.getStatistics().getPercentile(99)) : "",
                    isSampled ? primary.getScore() : cpuNanos(result)));
        }
    }

    /** Where the machine has other work to do, the clock says little. */
    private static double cpuNanos(RunResult result) {
        for (String measure : result.getSecondaryResults().keySet()) {
            if (measure.endsWith(CpuTime.NANOS_PER_CALL)) {
                return result.getSecondaryResults().get(measure).getScore();
            }
        }
        throw new IllegalStateException("no profiler tells " + CpuTime.NANOS_PER_CALL);
    }

    private static String nanos(double nanos) {
        return String.format(Locale.ROOT, "%,.0f ns", nanos);
    }
}
