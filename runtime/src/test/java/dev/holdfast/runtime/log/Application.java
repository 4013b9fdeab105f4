package dev.holdfast.runtime.log;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The class loader of an application, with the logging that it brings along. */
final class Application extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private Application(List<URL> urls) {
        super(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    /** One with the jars of that folder among the test applications. */
    static Application with(String jars, Path more) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(more.toUri().toURL());
        for (Path jar : jars(jars)) {
            urls.add(jar.toUri().toURL());
        }
        return new Application(urls);
    }

    static List<Path> jars(String folder) throws IOException {
        try (var files = Files.list(Path.of("target", "test-apps", folder))) {
            return files.sorted().toList();
        }
    }

    /** One that has no logging. */
    static Application bare() {
        return new Application(List.of());
    }

    /**
     * One with an SLF4J of our own making, for what the real ones cannot be brought to do.
     *
     * @param body what the logger does with a message, in Java
     */
    static Application whoseLoggerDoes(String body, Path folder) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("org/slf4j"));
        Path logger = sources.resolve("Logger.java");
        Files.writeString(logger, """
                package org.slf4j;
                public interface Logger {
                    void error(String text);
                    void error(String text, Throwable cause);
                    void warn(String text);
                    void warn(String text, Throwable cause);
                    void info(String text);
                    void info(String text, Throwable cause);
                    void debug(String text);
                    void debug(String text, Throwable cause);
                }
                """);
        Path factory = sources.resolve("LoggerFactory.java");
        Files.writeString(factory, """
                package org.slf4j;
                public final class LoggerFactory {
                    public static Logger getLogger(String name) {
                        return new Logger() {
                            public void error(String text) { tell(text, null); }
                            public void error(String text, Throwable cause) { tell(text, cause); }
                            public void warn(String text) { tell(text, null); }
                            public void warn(String text, Throwable cause) { tell(text, cause); }
                            public void info(String text) { tell(text, null); }
                            public void info(String text, Throwable cause) { tell(text, cause); }
                            public void debug(String text) { tell(text, null); }
                            public void debug(String text, Throwable cause) { tell(text, cause); }
                        };
                    }
                    private static void tell(String text, Throwable cause) { %s }
                }
                """.formatted(body));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(null, null, null, "-d", folder.toString(), logger.toString(), factory.toString());
        if (result != 0) {
            throw new IllegalStateException("the application does not compile");
        }
        Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(folder.resolve("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"), "its.Own\n");
        return new Application(List.of(folder.toUri().toURL()));
    }

    /** Whether anybody has made it load its SLF4J. */
    boolean isAwake() {
        return findLoadedClass("org.slf4j.LoggerFactory") != null;
    }

    /** What its Logback has collected, as {@code LEVEL logger: message | failure}; nothing while it wakes up. */
    List<String> logged() throws ReflectiveOperationException {
        if (!isAwake()) {
            return List.of();
        }
        Object root = Class.forName("org.slf4j.LoggerFactory", true, this)
                .getMethod("getLogger", String.class)
                .invoke(null, "ROOT");
        if (root.getClass().getSimpleName().equals("SubstituteLogger")) {
            return List.of();
        }
        Object appender = root.getClass().getMethod("getAppender", String.class).invoke(root, "LIST");
        Field list = appender.getClass().getField("list");
        List<String> lines = new ArrayList<>();
        for (Object event : List.copyOf((Collection<?>) list.get(appender))) {
            String line = get(event, "getLevel") + " " + get(event, "getLoggerName") + ": "
                    + get(event, "getFormattedMessage");
            Object failure = get(event, "getThrowableProxy");
            lines.add(failure == null ? line : line + " | " + get(failure, "getMessage"));
        }
        return lines;
    }

    private static Object get(Object event, String name) throws ReflectiveOperationException {
        return event.getClass().getMethod(name).invoke(event);
    }

    /** Writes a configuration of Logback that collects. */
    static void configure(Path folder, String level) throws IOException {
        Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="LIST" class="ch.qos.logback.core.read.ListAppender"/>
                  <logger name="dev.holdfast" level="%s"/>
                  <root level="DEBUG"><appender-ref ref="LIST"/></root>
                </configuration>
                """.formatted(level));
    }
}
