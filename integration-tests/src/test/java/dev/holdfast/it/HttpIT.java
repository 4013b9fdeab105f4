package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.http.Exchanges;
import dev.holdfast.it.programs.recover.Fallbacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Failures answered over HTTP, on real servers. */
class HttpIT {

    @TestFactory
    Stream<DynamicNode> the_server_of_the_jdk() {
        return Jdk.all().stream().map(jdk -> {
            List<String> expected = new ArrayList<>();
            Program.cases(Exchanges.class, false)
                    .forEach(method -> expected.add(Program.name(Exchanges.class, method)));
            Jvm.Run run = Jvm.of(jdk).options("-Xverify:all").run(Program.class.getName(), Exchanges.class.getName());
            return DynamicContainer.dynamicContainer(
                    jdk.toString(), Cases.report(expected, run, HttpIT::logsFailuresAndFewRejections));
        });
    }

    /** With the stack trace, and what it was that the client was not told. */
    private static void logsFailuresAndFewRejections(Jvm.Run run) {
        assertThat(run.err())
                .as("%s", run)
                .containsPattern(
                        "ERROR holdfast: \\S+Exchanges\\$Plain\\.handle\\(HttpExchange\\): failed, answers 500 Internal"
                                + " Server Error\\R(java\\.lang\\.IllegalStateException|java\\.io\\.IOException|java\\.lang\\.AssertionError):"
                                + " the password is swordfish\\R\\tat ")
                .containsPattern(
                        "ERROR holdfast: \\S+Exchanges\\$Slow\\.handle\\(HttpExchange\\): failed, answers 504 Gateway Timeout\\R")
                .containsPattern(
                        "ERROR holdfast: \\S+Exchanges\\$Begun\\.handle\\(HttpExchange\\): failed, after its response had"
                                + " begun, which ends with that\\R")
                .containsPattern(
                        "WARN holdfast: \\S+Exchanges\\$Broken\\.handle\\(HttpExchange\\): rejected, answers 503 Service"
                                + " Unavailable\\Rdev\\.holdfast\\.BreakerOpenException: .*\\R\\tat ");
        assertThat(run.err().lines().filter(line -> line.contains("BreakerOpenException: one of the flood")))
                .as("%s", run)
                .hasSizeBetween(1, 20);
    }

    @TestFactory
    Stream<DynamicNode> servlet_containers() throws IOException {
        // How a container answers does not depend on its JDK, and four of them take seconds to start.
        return ServletContainer.cases(
                ServletContainer.COMMON, "Servlets", Jvm.of(Jdk.running()), HttpIT::logsFailuresOfServlets);
    }

    private static void logsFailuresOfServlets(Jvm.Run run) {
        assertThat(run.err())
                .as("%s", run)
                .containsPattern(
                        "holdfast: web\\.Servlets\\$Getting\\.doGet\\(HttpServletRequest, HttpServletResponse\\): failed,"
                                + " answers 500 Internal Server Error\\Rjava\\.lang\\.IllegalStateException: the password is swordfish\\R\\tat ");
    }

    @TestFactory
    Stream<DynamicNode> a_jdk_that_was_trimmed_has_no_server() {
        return Cases.under(
                "trimmed",
                Jvm.of(Jdk.running()).options("--limit-modules", "java.base,java.instrument"),
                Fallbacks.class);
    }
}
