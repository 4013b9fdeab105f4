package dev.holdfast.agent.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The work of {@code premain}, step by step; called once, by reflection from the root of the jar. */
public final class Attachment {

    private Attachment() {}

    /**
     * Attaches to the JVM. Ends it, with one message and status 1, if the configuration is invalid.
     *
     * @param arguments what the user wrote behind {@code -javaagent:…=}; null for nothing
     * @param instrumentation the JVM's
     * @throws IOException if the agent's jar cannot be read
     * @throws ReflectiveOperationException if the jar's parts do not fit together
     */
    public static void attach(@Nullable String arguments, Instrumentation instrumentation)
            throws IOException, ReflectiveOperationException {
        Map<String, String> properties = systemProperties();
        Map<String, String> environment = System.getenv();
        int keys = keys(properties, environment);
        LateRuntime runtime = new LateRuntime(instrumentation, properties, environment);
        if (keys > 0) {
            try {
                runtime.start();
            } catch (IllegalArgumentException invalid) {
                refuse(invalid);
            }
            if (!runtime.enabled()) {
                return;
            }
        }
        if (arguments != null && !arguments.isEmpty()) {
            runtime.log(
                    "warn",
                    null,
                    "the text \"" + arguments
                            + "\" behind -javaagent:holdfast-agent.jar= is not used. Remedy: give settings"
                            + " as system properties, as in -Dholdfast.log=debug.",
                    null);
        }
        Aftercare aftercare =
                new Aftercare(new AwaitedClasses(new InitiatedClasses(instrumentation), runtime), runtime);
        Transformer transformer = new Transformer(runtime, aftercare, runtime, new SelfTest());
        instrumentation.addTransformer(transformer, true);
        String early = EarlyClasses.message(instrumentation.getAllLoadedClasses(), transformer);
        if (early != null) {
            runtime.log("warn", null, early, null);
        }
        String attached = "Holdfast ".concat(version()).concat(" attached, ").concat(set(keys));
        if (keys > 0) {
            String redis = runtime.redis();
            runtime.log("info", null, redis.isEmpty() ? attached : attached + ", Redis at " + redis, null);
        } else {
            System.err.println(asLogged(System.currentTimeMillis(), attached));
        }
    }

    /**
     * Keeps the program from starting. The message is the runtime's, ready to print. Halts, because nothing of the program has
     * begun that would have to end in order, and an exception out of {@code premain} would bury the message under a crash.
     */
    private static void refuse(IllegalArgumentException invalid) {
        System.err.println(invalid.getMessage());
        System.err.flush();
        Runtime.getRuntime().halt(1);
    }

    private static Map<String, String> systemProperties() {
        Map<String, String> properties = new HashMap<>();
        // The clone is a snapshot: another agent's thread may be setting properties.
        for (Map.Entry<?, ?> property : ((Map<?, ?>) System.getProperties().clone()).entrySet()) {
            if (property.getKey() instanceof String key && property.getValue() instanceof String value) {
                properties.put(key, value);
            }
        }
        return properties;
    }

    private static String version() throws IOException {
        try (InputStream text = Attachment.class.getResourceAsStream("/version")) {
            return text == null ? "(unknown version)" : new String(text.readAllBytes(), UTF_8);
        }
    }

    /** How many keys are set. */
    static int keys(Map<String, String> properties, Map<String, String> environment) {
        int count = 0;
        for (String key : properties.keySet()) {
            if (key.startsWith("holdfast.")) {
                count++;
            }
        }
        for (String variable : environment.keySet()) {
            if (variable.startsWith("HOLDFAST_")) {
                count++;
            }
        }
        return count;
    }

    /** For the reader of the log who wonders whether they arrived. */
    static String set(int keys) {
        return keys == 1 ? "1 key set" : keys + " keys set";
    }

    /** A line as the runtime would write it, for which it is not worth starting it. */
    static String asLogged(long millis, String text) {
        StringBuilder line = new StringBuilder(text.length() + 40);
        long ofDay = millis % 86_400_000;
        number(line, ofDay / 3_600_000, 2).append(':');
        number(line, ofDay / 60_000 % 60, 2).append(':');
        number(line, ofDay / 1_000 % 60, 2).append('.');
        return number(line, ofDay % 1_000, 3)
                .append("Z INFO holdfast: ")
                .append(text)
                .toString();
    }

    private static StringBuilder number(StringBuilder to, long number, int digits) {
        String text = Long.toString(number);
        for (int i = text.length(); i < digits; i++) {
            to.append('0');
        }
        return to.append(text);
    }
}
