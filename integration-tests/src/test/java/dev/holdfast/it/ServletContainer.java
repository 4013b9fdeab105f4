package dev.holdfast.it;

import dev.holdfast.it.programs.http.Containers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** A servlet container, and by which of its two names it knows the servlet API. */
enum ServletContainer {
    JETTY_JAKARTA("jetty", "jakarta"),
    JETTY_JAVAX("jetty", "javax"),
    TOMCAT_JAKARTA("tomcat", "jakarta"),
    TOMCAT_JAVAX("tomcat", "javax"),
    /** With a newer version of the API. */
    TOMCAT_NEWEST("tomcat", "newest"),
    /** Jetty 9.4, which many still run. */
    JETTY_OLD("jetty", "old");

    static final List<ServletContainer> COMMON = List.of(JETTY_JAKARTA, JETTY_JAVAX, TOMCAT_JAKARTA, TOMCAT_JAVAX);

    private static final Pattern CASE = Pattern.compile("@Case\\s+void (\\w+)\\(");

    private final String product;
    private final String names;

    ServletContainer(String product, String names) {
        this.product = product;
        this.names = names;
    }

    @Override
    public String toString() {
        return product + "-" + names;
    }

    /**
     * All that an application on it needs but the programs: its own classes, compiled for this container, the annotations, and the container.
     *
     * @param application the name of its class in the package web
     */
    List<Path> classPath(String application) {
        List<Path> libraries = new ArrayList<>(List.of(Jvm.annotations()));
        libraries.addAll(Jvm.libraries(toString()));
        if (product.equals("jetty") && this != JETTY_OLD) {
            libraries.addAll(Jvm.libraries(product));
        }
        List<Path> compileTime = new ArrayList<>(libraries);
        compileTime.add(Jvm.programs());
        Map<String, String> sources = new TreeMap<>();
        for (String name : List.of(
                "servlets/web/" + application + ".java",
                "servlets/web/Container.java",
                "servlets-" + product + "/web/Server.java")) {
            sources.put(name.substring(name.indexOf('/') + 1), renamed(Jvm.source("apps/" + name)));
        }
        libraries.add(
                0,
                Javac.into(Jvm.work(this + "-" + application), 17)
                        .classPath(compileTime)
                        .compile(sources));
        return libraries;
    }

    /** The sources are the same but for the names of packages. */
    private String renamed(Path source) {
        String text = read(source);
        return switch (names) {
            case "javax" -> text.replace("jakarta.servlet", "javax.servlet").replace("jetty.ee10", "jetty.ee8");
            case "old" -> text.replace("jakarta.servlet", "javax.servlet").replace("jetty.ee10.", "jetty.");
            default -> text;
        };
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String joined(List<Path> classPath) {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Runs the cases of an application on several containers in one JVM. */
    static Stream<DynamicNode> cases(
            List<ServletContainer> containers, String application, Jvm jvm, ThrowingConsumer<Jvm.Run> whole) {
        List<String> arguments = new ArrayList<>(List.of(Containers.class.getName(), "web." + application));
        List<String> expected = new ArrayList<>();
        List<String> names = CASE.matcher(read(Jvm.source("apps/servlets/web/" + application + ".java")))
                .results()
                .map(found -> found.group(1))
                .toList();
        for (ServletContainer container : containers) {
            arguments.add(container + "=" + joined(container.classPath(application)));
            names.forEach(name -> expected.add(container + "." + name));
        }
        return Cases.report(expected, jvm.classPath(Jvm.programs()).run(arguments.toArray(String[]::new)), whole);
    }
}
