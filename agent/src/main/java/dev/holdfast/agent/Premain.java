package dev.holdfast.agent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM begins with {@code -javaagent}: looks whether this is a program to attach to at all, then hands over to the
 * isolated part of the agent. Whatever goes wrong here is told in one line, and the program runs unprotected.
 *
 * <p>Nothing here or behind it uses logging, JMX, {@code java.nio.file} or sockets: each would be initialised before
 * {@code main}, and take from the program the chance to set it up.
 */
public final class Premain {

    private static final String ATTACHMENT = "dev.holdfast.agent.attach.Attachment";

    /** Guarded by the class. */
    private static boolean attached;

    private Premain() {}

    /**
     * Called by the JVM before {@code main}. Does not throw.
     *
     * @param arguments the text behind {@code =} in {@code -javaagent:holdfast-agent.jar=text}; null where there is none
     * @param instrumentation the JVM's
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            if (isJdkTool(System.getProperty("jdk.module.main"), System.getProperty("sun.java.command"))) {
                return;
            }
            if (attachedBefore()) {
                warn(
                        "attached already; this second -javaagent is ignored. Remedy: give it once, and look for another one in"
                                + " JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS.");
                return;
            }
            attach(arguments, instrumentation);
        } catch (InvocationTargetException failed) {
            warn("cannot attach, the program runs unprotected: " + failed.getCause());
        } catch (Throwable failed) {
            warn("cannot attach, the program runs unprotected: " + failed);
        }
    }

    private static void attach(@Nullable String arguments, Instrumentation instrumentation)
            throws IOException, ReflectiveOperationException {
        URL location = location();
        File file = file(location);
        if (file == null || !file.isFile()) {
            warn(repackaged("its classes were found in " + location + ", which is no jar"));
            return;
        }
        IsolatedLoader loader = new IsolatedLoader(file, location);
        if (!loader.has(ATTACHMENT.replace('.', '/') + ".class")) {
            warn(repackaged(file + " has no folder " + IsolatedLoader.FOLDER));
            return;
        }
        if (!instrumentation.isRetransformClassesSupported() || !instrumentation.isRedefineClassesSupported()) {
            warn(repackaged(
                    "the manifest of the -javaagent jar lacks Can-Retransform-Classes or Can-Redefine-Classes"));
            return;
        }
        // The same two kinds of arguments as premain itself: the JDK has then made the code for such a reflective call
        // already.
        Class.forName(ATTACHMENT, true, loader)
                .getMethod("attach", String.class, Instrumentation.class)
                .invoke(null, arguments, instrumentation);
    }

    /** Also across class loaders: the bridge in {@code java.lang} is there once per JVM. */
    private static synchronized boolean attachedBefore() {
        if (attached) {
            return true;
        }
        attached = true;
        try {
            Class.forName("java.lang.HoldfastSite", false, null);
            return true;
        } catch (ClassNotFoundException firstOne) {
            return false;
        }
    }

    /**
     * Whether the JVM runs a tool of the JDK, as it does for {@code javac} where the agent is given by JAVA_TOOL_OPTIONS. The
     * launcher of single source files is none: what it runs is a program.
     *
     * @param module the property {@code jdk.module.main}
     * @param command the property {@code sun.java.command}
     */
    static boolean isJdkTool(@Nullable String module, @Nullable String command) {
        if (module == null || !(module.startsWith("jdk.") || module.startsWith("java."))) {
            return false;
        }
        return command == null || !command.startsWith("jdk.compiler/com.sun.tools.javac.launcher.");
    }

    /** Where this class comes from; null where the JVM does not tell. */
    private static @Nullable URL location() {
        CodeSource source = Premain.class.getProtectionDomain().getCodeSource();
        return source == null ? null : source.getLocation();
    }

    /** A location as a file; null where it is none. */
    static @Nullable File file(@Nullable URL location) {
        if (location == null || !"file".equals(location.getProtocol())) {
            return null;
        }
        try {
            return new File(location.toURI());
        } catch (URISyntaxException | IllegalArgumentException notAFile) {
            return null;
        }
    }

    private static String repackaged(String finding) {
        return "cannot attach, the program runs unprotected: " + finding
                + ", as happens when the agent is repackaged into"
                + " another jar. Remedy: keep holdfast-agent.jar as it is, beside the application and not inside it, and"
                + " give it by -javaagent:<path>/holdfast-agent.jar.";
    }

    private static void warn(String message) {
        System.err.println("holdfast WARN " + message);
    }
}
