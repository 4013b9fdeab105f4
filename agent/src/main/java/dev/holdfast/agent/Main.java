package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The command line: {@code java -jar holdfast-agent.jar}. */
public final class Main {

    private static final int BAD_USAGE = 2;

    private static final String CHECK = "dev.holdfast.agent.check.Check";
    private static final String JOURNAL = "dev.holdfast.runtime.notify.journal.JournalCommand";
    private static final String KEYS = "dev.holdfast.runtime.settings.Keys";
    private static final String CHANNELS = "dev.holdfast.runtime.notify.channel.ChannelTypes";

    private Main() {}

    /** Runs a command and ends the JVM with its status. */
    public static void main(String[] arguments) {
        int status = run(arguments, System.out, System.err);
        System.out.flush();
        System.err.flush();
        System.exit(status);
    }

    /**
     * Runs a command.
     *
     * @return the exit status: 0 if all went well, 1 if something was found wrong, 2 if that cannot be done
     */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        String command = arguments.length == 0 ? "help" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (command) {
            case "help", "--help", "-help", "-h", "-?" -> {
                return tell(command, rest, Main::help, out, err);
            }
            case "version", "--version", "-version", "-v" -> {
                return tell(command, rest, () -> "Holdfast " + version() + System.lineSeparator(), out, err);
            }
            case "check", "journal" -> {
                return isolated(command.equals("check") ? CHECK : JOURNAL, command, rest, out, err);
            }
            default -> {
                err.println("holdfast: no command \"" + command + "\"; there are check, journal, help and version."
                        + " To protect a program: java -javaagent:holdfast-agent.jar -jar app.jar");
                return BAD_USAGE;
            }
        }
    }

    private static int tell(String command, String[] rest, Supplier<String> text, PrintStream out, PrintStream err) {
        if (rest.length > 0) {
            err.println("holdfast: " + command + " takes nothing behind it, was \"" + String.join(" ", rest)
                    + "\"; expected: java -jar holdfast-agent.jar " + command);
            return BAD_USAGE;
        }
        out.print(text.get());
        return 0;
    }

    /** Commands lie in the isolated part, as they need all that weaves, reads and writes. */
    private static int isolated(String type, String command, String[] arguments, PrintStream out, PrintStream err) {
        URL location = location();
        File jar = Premain.file(location);
        if (jar == null || !jar.isFile()) {
            err.println(
                    "holdfast: " + command + " runs from the agent's own jar: java -jar holdfast-agent.jar " + command);
            return BAD_USAGE;
        }
        try {
            return (int) new IsolatedLoader(jar, location)
                    .loadClass(type)
                    .getMethod("run", String[].class, PrintStream.class, PrintStream.class)
                    .invoke(null, arguments, out, err);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (ReflectiveOperationException | IOException incomplete) {
            err.println("holdfast: " + jar + " is not the agent's jar as it was built (" + incomplete + ")");
            return BAD_USAGE;
        }
    }

    /** What is configured is the runtime's, which alone knows it. */
    private static String help(String type) {
        URL location = location();
        File jar = Premain.file(location);
        try {
            ClassLoader loader =
                    jar == null || !jar.isFile() ? Main.class.getClassLoader() : new IsolatedLoader(jar, location);
            return (String) Class.forName(type, true, loader).getMethod("help").invoke(null);
        } catch (ReflectiveOperationException | IOException incomplete) {
            throw new IllegalStateException(jar + " is not the agent's jar as it was built", incomplete);
        }
    }

    private static @Nullable URL location() {
        CodeSource source = Main.class.getProtectionDomain().getCodeSource();
        return source == null ? null : source.getLocation();
    }

    private static String help() {
        return """
                Holdfast %s
                Fault tolerance for any JVM program, by annotations and one flag.

                To protect a program:
                  java -javaagent:holdfast-agent.jar [-Dholdfast.<key>=<value> ...] -jar app.jar

                Keys, as system properties, as environment variables (HOLDFAST_WEAVE for holdfast.weave)
                or in the file that holdfast.config names; the first of the three that has one counts:
                %s
                  holdfast.channel.<name>
                      the address of a channel, which holdfast.notify or an annotation names, one of
                %s
                An attribute is overridden from outside by
                  holdfast.<class>/<method>/<Annotation>/<attribute>=<value>
                or, less specific, by holdfast.<class>/<Annotation>/<attribute>
                or holdfast.<Annotation>/<attribute>; the most specific one counts.
                The attribute enabled=false switches an annotation off.

                Commands:
                  java [-Dholdfast.<key>=<value> ...] -jar holdfast-agent.jar check <jar|folder>...
                                                         what becomes of each annotated method,
                                                         and what is wrong with it; exit status 1
                                                         if anything is
                  java -jar holdfast-agent.jar journal <folder> [list|show|resend|discard]
                                    [waiting|dead] [<channel>]
                                                         what waits in the folder of holdfast.journal
                                                         and what is dead; sends dead letters again,
                                                         or discards the one, the other or both
                  java -jar holdfast-agent.jar help      this text
                  java -jar holdfast-agent.jar version   the version
                """.formatted(version(), help(KEYS), help(CHANNELS));
    }

    /**
     * As the build wrote it beside the isolated classes. Not by the manifest, which is somebody else's once the jar has been
     * merged into another.
     */
    private static String version() {
        try (InputStream text = Main.class.getResourceAsStream("/" + IsolatedLoader.FOLDER + "version")) {
            return text == null ? "(unknown version)" : new String(text.readAllBytes(), UTF_8).trim();
        } catch (IOException unreadable) {
            return "(unknown version)";
        }
    }
}
