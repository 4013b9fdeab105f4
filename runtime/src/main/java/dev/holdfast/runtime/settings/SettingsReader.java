package dev.holdfast.runtime.settings;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One reading of the configuration, with what was found wrong on the way. Not thread-safe. */
final class SettingsReader {

    private static final String ENVIRONMENT_PREFIX = "HOLDFAST_";
    private static final String PROPERTY = "system property";
    private static final String VARIABLE = "environment variable";

    /** So many wrong letters are a typing error; more are another word. */
    private static final int TYPING_ERROR = 2;

    private final Origin origin;
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    SettingsReader(Origin origin) {
        this.origin = origin;
    }

    /** What stays the same for as long as the JVM runs: what was ours in properties and environment when it started. */
    record Origin(Map<String, String> properties, Map<String, String> environment, Overridable overridable) {

        static Origin of(Map<String, String> properties, Map<String, String> environment, Overridable overridable) {
            return new Origin(only(Settings.PREFIX, properties), only(ENVIRONMENT_PREFIX, environment), overridable);
        }

        /** Sorted, so that messages come in an order that does not change from start to start. */
        private static Map<String, String> only(String prefix, Map<String, String> all) {
            Map<String, String> ours = new TreeMap<>();
            for (Map.Entry<String, String> entry : all.entrySet()) {
                if (entry.getKey().startsWith(prefix)) {
                    ours.put(entry.getKey(), entry.getValue().strip());
                }
            }
            return ours;
        }
    }

    /** The file that is to be read; null if none is named, or if it cannot be, which is then a fault. */
    @Nullable
    ConfigFile openFile() {
        Key<File> key = Keys.CONFIG;
        Setting named = given(key, null);
        if (named == null) {
            return null;
        }
        File path;
        try {
            path = key.rule().read(named.value());
        } catch (IllegalArgumentException faulty) {
            return null; // told when all keys are read
        }
        try {
            return ConfigFile.of(path, ConfigFile.bytes(path));
        } catch (IOException unreadable) {
            faults.add(named.place() + " must be the path of a file that can be read, was "
                    + Shown.quoted(path.getPath()) + ": " + unreadable.getMessage()
                    + "; correct the path, or leave it out");
        } catch (IllegalArgumentException faulty) {
            faults.add(named.place() + ": " + path + " " + faulty.getMessage());
        }
        return null;
    }

    /**
     * Reads everything else.
     *
     * @param running the settings that the program was started with, for what stays as it is; null if this is the start
     * @throws IllegalArgumentException if there is any fault; its message names them all
     */
    Settings read(@Nullable ConfigFile file, @Nullable Settings running) {
        Map<Key<?>, Object> values = new HashMap<>();
        for (Key<?> key : Keys.ALL) {
            Object value = value(key, file);
            if (value != null) {
                values.put(key, value);
            }
        }
        Overrides overrides = new Overrides(
                byKey(origin.properties(), PROPERTY),
                variables(),
                file == null ? Map.of() : entries(file),
                origin.overridable().nested());
        Map<String, String> entries = file == null ? Map.of() : file.entries();
        // By what is in use: what the file says of Redis since counts at the next start.
        boolean sharedRedis = running == null ? values.containsKey(Keys.REDIS) : running.find(Keys.REDIS) != null;
        Channels.check(origin.properties(), PROPERTY, origin.overridable(), sharedRedis, faults);
        Channels.check(origin.environment(), VARIABLE, origin.overridable(), sharedRedis, faults);
        if (file != null) {
            Channels.check(new TreeMap<>(entries), source(file), origin.overridable(), sharedRedis, faults);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(message());
        }
        Channels channels = new Channels(origin.properties(), origin.environment(), entries);
        Settings settings = new Settings(origin, file, values, overrides, channels, warnings);
        channels.warn(settings.get(Keys.NOTIFY), warnings);
        return settings;
    }

    private String message() {
        if (faults.size() == 1) {
            return "The configuration is invalid: " + faults.get(0);
        }
        StringBuilder message = new StringBuilder("The configuration has ");
        message.append(faults.size()).append(" faults:");
        for (String fault : faults) {
            message.append("\n  ").append(fault);
        }
        return message.toString();
    }

    private <T> @Nullable T value(Key<T> key, @Nullable ConfigFile file) {
        Setting given = given(key, file);
        if (given == null) {
            String usual = key.usual();
            return usual == null ? null : key.rule().read(usual);
        }
        try {
            T value = key.rule().read(given.value());
            String doubt = key.rule().doubt(value);
            if (doubt != null) {
                warnings.add(given.place() + ": " + doubt);
            }
            return value;
        } catch (IllegalArgumentException faulty) {
            faults.add(given.place() + " " + faulty.getMessage() + "; " + remedy(key, given.value()));
            return null;
        }
    }

    private static String remedy(Key<?> key, String value) {
        List<String> choices = key.rule().choices();
        if (!choices.isEmpty()) {
            String nearest = Shown.nearest(value, choices);
            if (Shown.distance(value, nearest) <= TYPING_ERROR || value.startsWith(nearest)) {
                return "did you mean " + nearest + "?";
            }
        }
        String usual = key.usual();
        return "correct it, or leave it out" + (usual == null || usual.isEmpty() ? "" : " for the default, " + usual);
    }

    /** What was given for a key; null if nothing was. */
    private @Nullable Setting given(Key<?> key, @Nullable ConfigFile file) {
        String name = key.name();
        String value = origin.properties().get(name);
        if (value != null) {
            return new Setting(name, value, PROPERTY);
        }
        String variable = key.environmentName();
        value = origin.environment().get(variable);
        // A variable that is set to nothing is how a shell or a container says that it is not set.
        if (value != null && !value.isEmpty()) {
            return new Setting(name, value, VARIABLE + " " + variable);
        }
        value = file == null || key == Keys.CONFIG ? null : file.entries().get(name);
        return value == null || file == null ? null : new Setting(name, value.strip(), source(file));
    }

    private static String source(ConfigFile file) {
        return "file ".concat(file.path().getPath());
    }

    private Map<String, Setting> entries(ConfigFile file) {
        String source = source(file);
        for (String key : file.twice()) {
            warnings.add(key + " (" + source + ") is there more than once; the last one counts");
        }
        if (file.entries().containsKey(Keys.CONFIG.name())) {
            warnings.add(Keys.CONFIG + " (" + source + ") counts only as a system property or environment variable");
        }
        return byKey(new TreeMap<>(file.entries()), source);
    }

    /** The overrides among properties, by key without our prefix; whatever is neither a key nor one of them is warned of. */
    private Map<String, Setting> byKey(Map<String, String> properties, String source) {
        Map<String, Setting> overrides = new HashMap<>();
        for (Map.Entry<String, String> entry : properties.entrySet()) {
            String name = entry.getKey();
            Setting setting = new Setting(name, entry.getValue().strip(), source);
            if (name.startsWith(Settings.PREFIX) && name.indexOf('/') > 0) {
                String key = name.substring(Settings.PREFIX.length());
                if (accept(setting, key)) {
                    overrides.put(key, setting);
                }
            } else if (!name.startsWith(Settings.PREFIX)) {
                // A file may be shared with others.
                String meant = Settings.PREFIX + name;
                if (isKnown(meant)) {
                    warnings.add("unknown key " + shown(name) + " (" + source + "); the nearest known one is "
                            + shown(meant));
                }
            } else if (!isKnown(name)) {
                warnings.add("unknown key " + shown(name) + " (" + source + "); the nearest known one is "
                        + nearestKey(name));
            }
        }
        return overrides;
    }

    private static final String CHANNEL = Settings.PREFIX + "channel";

    private static String nearestKey(String name) {
        String nearest = Shown.nearest(name, names(false));
        int end = name.indexOf('.', Settings.PREFIX.length());
        String head = end < 0 ? name : name.substring(0, end);
        return Shown.distance(head, CHANNEL) < Shown.distance(name, nearest) ? CHANNEL + ".<name>" : nearest;
    }

    /** Whether an override says something about an attribute that there is. A value that it cannot have is a fault. */
    private boolean accept(Setting setting, String key) {
        Map<String, Map<String, Rule<?>>> attributes = origin.overridable().attributes();
        if (attributes.isEmpty()) {
            return true;
        }
        // class/method/Annotation/…, class/Annotation/… or Annotation/…: a method can bear the name of an annotation,
        // so what
        // decides is that the rest of the key makes sense.
        String annotation = null;
        int from = 0;
        for (int place = 0; place < 3; place++) {
            int to = key.indexOf('/', from);
            if (to < 0) {
                break;
            }
            String part = key.substring(from, to);
            String path = key.substring(to + 1);
            if (attributes.containsKey(part)) {
                annotation = annotation == null ? part : annotation;
                Rule<?> rule = rule(attributes, part, path);
                if (rule != null) {
                    check(setting, rule);
                    return true;
                }
            }
            from = to + 1;
        }
        if (annotation == null) {
            warnings.add("unknown key " + shown(setting.key()) + " (" + setting.source()
                    + "); an override is [class/[method/]]annotation/attribute, and the nearest known annotation is "
                    + nearestAnnotation(key, attributes));
        } else {
            List<String> paths = new ArrayList<>(new TreeMap<>(attributes.getOrDefault(annotation, Map.of())).keySet());
            paths.add(Overridable.ENABLED);
            String typed = key.substring(key.indexOf(annotation + "/") + annotation.length() + 1);
            warnings.add("unknown key " + shown(setting.key()) + " (" + setting.source() + "); @" + annotation
                    + " has no such attribute, the nearest is " + Shown.nearest(typed, paths));
        }
        return false;
    }

    private static @Nullable Rule<?> rule(
            Map<String, Map<String, Rule<?>>> attributes, String annotation, String path) {
        return path.equals(Overridable.ENABLED)
                ? Rule.flag()
                : attributes.getOrDefault(annotation, Map.of()).get(path);
    }

    private void check(Setting setting, Rule<?> rule) {
        try {
            rule.read(setting.value());
        } catch (IllegalArgumentException faulty) {
            faults.add(shown(setting.key()) + " (" + setting.source() + ") " + faulty.getMessage()
                    + "; correct it, or leave it out for what the annotation says");
        }
    }

    private static String nearestAnnotation(String key, Map<String, Map<String, Rule<?>>> attributes) {
        List<String> names = new ArrayList<>(new TreeMap<>(attributes).keySet());
        String best = names.get(0);
        int least = Integer.MAX_VALUE;
        for (String part : Shown.split(key, '/')) {
            String nearest = Shown.nearest(part, names);
            int distance = Shown.distance(part, nearest);
            if (distance < least) {
                least = distance;
                best = nearest;
            }
        }
        return best;
    }

    /** The overrides among the environment, by name of the variable. */
    private Map<String, Setting> variables() {
        if (origin.environment().isEmpty()) {
            return Map.of();
        }
        Map<String, Setting> overrides = new HashMap<>();
        for (Map.Entry<String, String> entry : origin.environment().entrySet()) {
            String name = entry.getKey();
            if (!entry.getValue().isEmpty() && !isKnownVariable(name)) {
                Setting setting = new Setting(name, entry.getValue(), VARIABLE);
                if (acceptVariable(setting)) {
                    overrides.put(name, setting);
                }
            }
        }
        return overrides;
    }

    /**
     * Whether a variable may be an override, by how its name ends. Others are warned of only if they look like a typing error:
     * where a container's platform names variables after services, {@code HOLDFAST_PORT} is nobody's mistake.
     */
    private boolean acceptVariable(Setting setting) {
        Map<String, Map<String, Rule<?>>> attributes = origin.overridable().attributes();
        if (attributes.isEmpty()) {
            return true;
        }
        List<String> near = names(true);
        for (Map.Entry<String, Map<String, Rule<?>>> annotation : new TreeMap<>(attributes).entrySet()) {
            List<String> paths = new ArrayList<>(new TreeMap<>(annotation.getValue()).keySet());
            paths.add(Overridable.ENABLED);
            for (String path : paths) {
                String key = Shown.environmentForm(annotation.getKey() + "/" + path);
                near.add(ENVIRONMENT_PREFIX + key);
                Rule<?> rule = rule(attributes, annotation.getKey(), path);
                // The prefix ends in the separator that stands before the annotation too.
                if (rule != null && setting.key().endsWith("_" + key)) {
                    check(setting, rule);
                    return true;
                }
            }
        }
        String nearest = Shown.nearest(setting.key(), near);
        if (Shown.distance(setting.key(), nearest) <= TYPING_ERROR) {
            warnings.add("unknown " + VARIABLE + " " + shown(setting.key()) + "; the nearest known one is " + nearest);
        }
        return false;
    }

    private static boolean isKnown(String name) {
        if (name.startsWith(Channels.PREFIX)) {
            return true;
        }
        for (Key<?> key : Keys.ALL) {
            if (key.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKnownVariable(String name) {
        for (Key<?> key : Keys.ALL) {
            if (key.environmentName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> names(boolean variables) {
        List<String> names = new ArrayList<>();
        for (Key<?> key : Keys.ALL) {
            names.add(variables ? key.environmentName() : key.name());
        }
        return names;
    }

    /** A name as it was typed; in quotes only where it would be hard to read without. */
    private static String shown(String name) {
        String quoted = Shown.quoted(name);
        return quoted.length() == name.length() + 2 && name.indexOf(' ') < 0 ? name : quoted;
    }
}
