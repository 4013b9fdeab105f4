package dev.holdfast.runtime.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was configured, at one moment. A value comes from the system properties, else the environment, else the file that
 * {@code holdfast.config} names, else it is the default.
 *
 * <p>Immutable. When the watched file changes there is a new one, see {@link SettingsWatch}.
 */
public final class Settings {

    static final String PREFIX = "holdfast.";

    private final SettingsReader.Origin origin;
    private final @Nullable ConfigFile file;
    private final Map<Key<?>, Object> values;
    private final Overrides overrides;
    private final Channels channels;
    private final List<String> warnings;

    /** Of keys that are read at the start: what the file says of them since, as text. */
    private final Map<Key<?>, String> waiting = new HashMap<>();

    /** With warnings that are still being added to until they are asked for. */
    Settings(
            SettingsReader.Origin origin,
            @Nullable ConfigFile file,
            Map<Key<?>, Object> values,
            Overrides overrides,
            Channels channels,
            List<String> warnings) {
        this.origin = origin;
        this.file = file;
        this.values = values;
        this.overrides = overrides;
        this.channels = channels;
        this.warnings = warnings;
    }

    /** As {@link #read(Map, Map, Overridable)}, with overrides taken as they are. */
    public static Settings read(Map<String, String> systemProperties, Map<String, String> environment) {
        return read(systemProperties, environment, Overridable.UNCHECKED);
    }

    /**
     * Reads the configuration, the file included.
     *
     * @throws IllegalArgumentException if anything in it is invalid; the message names all that is, ready to print
     */
    public static Settings read(
            Map<String, String> systemProperties, Map<String, String> environment, Overridable overridable) {
        SettingsReader reader =
                new SettingsReader(SettingsReader.Origin.of(systemProperties, environment, overridable));
        return reader.read(reader.openFile(), null);
    }

    /**
     * These settings with another content of the file. Keys that are read at the start stay as they were then, for all alike: one part of the
     * program must not go by another Redis than the next.
     *
     * @throws IllegalArgumentException if anything in it is invalid; the message names all that is
     */
    Settings reread(ConfigFile changed) {
        Settings read = new SettingsReader(origin).read(changed, this);
        for (Key<?> key : Keys.ALL) {
            if (!key.live()) {
                Object running = values.get(key);
                Object given = read.values.get(key);
                // Not by how they are shown: an address keeps its password to itself.
                if (!Objects.equals(running, given)) {
                    read.waiting.put(key, String.valueOf(given));
                }
                if (running == null) {
                    read.values.remove(key);
                } else {
                    read.values.put(key, running);
                }
            }
        }
        return read;
    }

    /** Keys of which the file says by now something that counts at the next start, with that. */
    Map<Key<?>, String> waiting() {
        return Map.copyOf(waiting);
    }

    /** The value of a key that has a default. */
    public <T> T get(Key<T> key) {
        T value = find(key);
        if (value == null) {
            throw new IllegalStateException(key + " has no default");
        }
        return value;
    }

    /** The value of a key; null if none was given and there is no default. */
    @SuppressWarnings("unchecked") // SettingsReader puts each value under the key whose rule has read it
    public <T> @Nullable T find(Key<T> key) {
        return (T) values.get(key);
    }

    /** Whether a key was given, or has a default. */
    public boolean hasValue(String name) {
        for (Key<?> key : values.keySet()) {
            if (key.name().equals(name)) {
                return values.get(key) != null;
            }
        }
        return false;
    }

    /**
     * What is to be taken instead of what an annotation says. The most specific is found: given for the method, for the class, for
     * the annotation wherever it is.
     *
     * @param className binary name, {@code com.acme.Outer$Inner}; the key may also have been given with a {@code .} for each
     *     {@code $}
     * @param annotation simple name, as in {@code Recover}
     * @param attribute its name; within a nested annotation a path, as in {@code breaker/openFor}
     * @return null if nothing was given
     */
    public @Nullable Setting find(String className, String methodName, String annotation, String attribute) {
        return overrides.find(className, methodName, annotation, attribute);
    }

    /** Whether an annotation counts on a method: unless its {@code enabled} was overridden to be false, or that of all. */
    public boolean enables(String className, String methodName, String annotation) {
        if (!get(Keys.ENABLED)) {
            return false;
        }
        Setting enabled = overrides.find(className, methodName, annotation, Overridable.ENABLED);
        return enabled == null || !enabled.value().equalsIgnoreCase("false");
    }

    /** The address of a channel, as it was typed; null if none was given. It may have a password in it. */
    public @Nullable String channel(String name) {
        return channels.find(name);
    }

    /** What is allowed but probably not meant: each a line, ready to be logged as a warning. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The file that was read; null if none was named. */
    @Nullable
    ConfigFile file() {
        return file;
    }
}
