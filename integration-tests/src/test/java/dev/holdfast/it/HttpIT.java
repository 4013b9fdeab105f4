package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.http.Containers;
import dev.holdfast.it.programs.http.Exchanges;
import dev.holdfast.it.programs.recover.Fallbacks;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Failures answered over HTTP, on real servers. */
class HttpIT {

    private static final Pattern CASE = Pattern.compile("@Case\\s+void (\\w+)\\(");

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

    /** A servlet container, and by which of its two names it knows the servlet API. */
    private enum Container {
        JETTY_JAKARTA("jetty", "jakarta"),
        JETTY_JAVAX("jetty", "javax"),
        TOMCAT_JAKARTA("tomcat", "jakarta"),
        TOMCAT_JAVAX("tomcat", "javax");

        private final String product;
        private final String names;

        Container(String product, String names) {
            this.product = product;
            this.names = names;
        }

        @Override
        public String toString() {
            return product + "-" + names;
        }

        private List<Path> classPath() {
            List<Path> libraries = new ArrayList<>(List.of(Jvm.annotations()));
            libraries.addAll(Jvm.libraries(toString()));
            if (product.equals("jetty")) {
                libraries.addAll(Jvm.libraries(product));
            }
            List<Path> compileTime = new ArrayList<>(libraries);
            compileTime.add(Jvm.programs());
            Map<String, String> sources = new TreeMap<>();
            for (String name : List.of(
                    "servlets/web/Servlets.java",
                    "servlets/web/Container.java",
                    "servlets-" + product + "/web/Server.java")) {
                sources.put(name.substring(name.indexOf('/') + 1), renamed(Jvm.source("apps/" + name)));
            }
            libraries.add(
                    0,
                    Javac.into(Jvm.work(toString()), 17).classPath(compileTime).compile(sources));
            return libraries;
        }

        /** The sources are the same but for the names of packages. */
        private String renamed(Path source) {
            try {
                String text = Files.readString(source);
                return names.equals("javax")
                        ? text.replace("jakarta.servlet", "javax.servlet").replace("jetty.ee10", "jetty.ee8")
                        : text;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @TestFactory
    Stream<DynamicNode> servlet_containers() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(Containers.class.getName(), "web.Servlets"));
        List<String> expected = new ArrayList<>();
        Matcher cases = CASE.matcher(Files.readString(Jvm.source("apps/servlets/web/Servlets.java")));
        List<String> names = cases.results().map(found -> found.group(1)).toList();
        for (Container container : Container.values()) {
            arguments.add(container + "="
                    + container.classPath().stream()
                            .map(Path::toString)
                            .collect(Collectors.joining(File.pathSeparator)));
            names.forEach(name -> expected.add(container + "." + name));
        }
        // How a container answers does not depend on its JDK, and four of them take seconds to start.
        Jvm.Run run = Jvm.of(Jdk.running()).classPath(Jvm.programs()).run(arguments.toArray(String[]::new));
        return Cases.report(expected, run, HttpIT::logsFailuresOfServlets);
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
