package dev.holdfast.runtime;

import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.MethodReading;
import dev.holdfast.definition.Names;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Says what becomes of definitions in a program that does not run, under a configuration that it would have. Thread-safe. */
public final class Checking {

    private final Settings settings;
    private final Definitions definitions;
    private final Names names = new Names();

    /**
     * What a definition comes to.
     *
     * @param policies one for each annotation that is in force, as in {@code @Recover on Exception: 3 attempts}
     * @param faults each a message of its own; if there are any, the policies are of no use
     * @param unseen what could not be checked, as classes are missing
     */
    public record Checked(List<String> policies, List<String> faults, List<String> unseen) {}

    private Checking(Settings settings) {
        this.settings = settings;
        this.definitions = new Definitions(settings, Layers::system);
    }

    /**
     * Under the configuration of a JVM with these properties and this environment.
     *
     * @param has whether the program has the resource of that name
     * @throws IllegalArgumentException if that is invalid; the message is ready to print
     */
    public static Checking under(
            Map<String, String> systemProperties, Map<String, String> environment, Predicate<String> has) {
        return new Checking(
                Settings.read(systemProperties, environment, Layers.system().of(has)));
    }

    /** What is odd about the configuration, for people. */
    public List<String> warnings() {
        return settings.warnings();
    }

    /** Whether a class would be woven at all. */
    public boolean weaves(String className) {
        return settings.get(Keys.ENABLED) && settings.get(Keys.WEAVE).test(className);
    }

    /** Looks at one method, whose definition is as the weaver writes it. */
    public Checked check(MethodModel method, String definition) {
        MethodReading<Room<?>> reading = definitions.read(method, definition, names);
        return new Checked(
                reading.faults().isEmpty() ? reading.summaries() : List.of(),
                reading.faults().messages(),
                reading.faults().unsure());
    }
}
