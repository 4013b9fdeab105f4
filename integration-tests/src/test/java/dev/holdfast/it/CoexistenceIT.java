package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.beside.Traced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Beside others that change classes: agents for tracing and for coverage, mocks, and debuggers. SaidIT has more of coverage. */
class CoexistenceIT {

    private static final Pattern CASE = Pattern.compile("@Case\\s+void (\\w+)\\(");

    @TestFactory
    Stream<DynamicNode> the_opentelemetry_agent_before_ours_and_after() {
        return Stream.of(
                traced(Jdk.running(), "before", List.of(openTelemetry(), ours())),
                traced(Jdk.running(), "after", List.of(ours(), openTelemetry())));
    }

    @TestFactory
    Stream<DynamicNode> three_agents_at_once() {
        Path coverage = Jvm.work("jacoco").resolve("three.exec");
        String jacoco = "-javaagent:" + Jvm.libraries("jacoco").get(0) + "=destfile=" + coverage
                + ",append=false,includes=dev.holdfast.it.*";
        Jdk newest = Jdk.all().get(Jdk.all().size() - 1);
        return Stream.of(traced(newest, "with coverage", List.of(ours(), openTelemetry(), jacoco)));
    }

    /** Their order decides whose change lies within whose: the other's span holds a call or an attempt. Both are right. */
    private static DynamicContainer traced(Jdk jdk, String name, List<String> agents) {
        Jvm jvm = Jvm.of(jdk).bare().options("-Xverify:all");
        agents.forEach(jvm::options);
        jvm.options(
                "-Dotel.traces.exporter=logging",
                "-Dotel.metrics.exporter=none",
                "-Dotel.logs.exporter=none",
                "-Dotel.bsp.schedule.delay=50",
                "-Dotel.instrumentation.methods.include=" + Traced.class.getName() + "[" + Traced.FOLLOWED + "]");
        List<String> expected = new ArrayList<>();
        Program.cases(Traced.class, false).forEach(method -> expected.add(Program.name(Traced.class, method)));
        Jvm.Run run = jvm.run(Program.class.getName(), Traced.class.getName());
        return DynamicContainer.dynamicContainer(
                jdk + " " + name, Cases.report(expected, run, CoexistenceIT::bothHaveDoneTheirWork));
    }

    private static void bothHaveDoneTheirWork(Jvm.Run run) {
        assertThat(run.err())
                .as("%s", run)
                .contains("'Traced." + Traced.FOLLOWED + "'", "Holdfast")
                .containsPattern("'GET.*' : [0-9a-f]{32} [0-9a-f]{16} CLIENT")
                .containsPattern("'GET.*' : [0-9a-f]{32} [0-9a-f]{16} SERVER")
                .doesNotContain("VerifyError", "unprotected", "switched itself off");
    }

    @TestFactory
    Stream<DynamicNode> mocks_of_woven_classes() throws IOException {
        Path source = Jvm.source("apps/mocked");
        List<Path> libraries = Jvm.libraries("mockito");
        List<Path> classPath = new ArrayList<>(List.of(Jvm.programs(), Jvm.annotations()));
        classPath.addAll(libraries);
        classPath.add(Javac.into(Jvm.work("mocked"), 17).classPath(classPath).compile(source));
        Path mockito = libraries.stream()
                .filter(jar -> jar.getFileName().toString().startsWith("mockito"))
                .findFirst()
                .orElseThrow();
        List<String> expected = cases(source.resolve("mocks/Mocks.java"), "Mocks");
        List<DynamicNode> nodes = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            String[] command = {Program.class.getName(), "mocks.Mocks"};
            nodes.add(DynamicContainer.dynamicContainer(
                    jdk + " as an agent",
                    Cases.report(
                            expected,
                            Jvm.of(jdk)
                                    .classPath(classPath)
                                    .options("-javaagent:" + mockito, "-Xverify:all")
                                    .run(command),
                            CoexistenceIT::nothingWasLeft)));
            Jvm attached = Jvm.of(jdk).classPath(classPath);
            if (jdk.feature() >= 21) {
                attached.options("-XX:+EnableDynamicAgentLoading");
            }
            nodes.add(DynamicContainer.dynamicContainer(
                    jdk + " attached to itself",
                    Cases.report(expected, attached.run(command), CoexistenceIT::nothingWasLeft)));
        }
        return nodes.stream();
    }

    private static void nothingWasLeft(Jvm.Run run) {
        assertThat(run.err()).as("%s", run).doesNotContain("VerifyError", "unprotected", "holdfast WARN", "ERROR");
    }

    @TestFactory
    Stream<DynamicNode> a_debugger_that_swaps_a_class() throws IOException {
        Path source = Jvm.source("apps/hotswap");
        Path now = Javac.into(Jvm.work("hotswap-now"), 17).compile(source);
        String text = Files.readString(source.resolve("swap/Quotes.java"));
        Path next = Javac.into(Jvm.work("hotswap-next"), 17)
                .compile(
                        "swap/Quotes.java",
                        text.replace("\"old\"", "\"new\"")
                                .replace("attempts = 2,", "attempts = 4,")
                                .replace("@Recover(attempts = 3, delay = \"0s\")\n", "")
                                .replace("String bare()", "@Recover(attempts = 9) String bare()"));
        List<String> expected = cases(source.resolve("swap/Swap.java"), "Swap");
        return Jdk.all().stream()
                .map(jdk -> DynamicContainer.dynamicContainer(
                        jdk.toString(),
                        Cases.report(
                                expected,
                                Jvm.of(jdk)
                                        .classPath(now, Jvm.programs(), Jvm.annotations())
                                        .options("-javaagent:" + Jars.agentOf("swap.Swap"), "-Dswap.next=" + next)
                                        .run(Program.class.getName(), "swap.Swap"),
                                run -> {})));
    }

    private static List<String> cases(Path source, String type) throws IOException {
        return CASE.matcher(Files.readString(source))
                .results()
                .map(found -> type + "." + found.group(1))
                .toList();
    }

    private static String ours() {
        return "-javaagent:" + Jvm.agent();
    }

    private static String openTelemetry() {
        return "-javaagent:" + Jvm.libraries("otel").get(0);
    }
}
