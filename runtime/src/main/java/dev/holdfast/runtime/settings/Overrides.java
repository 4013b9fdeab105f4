package dev.holdfast.runtime.settings;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The overrides of annotations' attributes. More specific beats less; of two that are equally specific, a system property beats
 * the environment beats the file. Immutable.
 */
final class Overrides {

    /** By key without the {@code holdfast.} before it. */
    private final Map<String, Setting> properties;

    /** By name of the variable. */
    private final Map<String, Setting> environment;

    /** By key without the {@code holdfast.} before it. */
    private final Map<String, Setting> file;

    /** By path of an attribute that holds an annotation: what that annotation is called by itself. */
    private final Map<String, String> nested;

    Overrides(
            Map<String, Setting> properties,
            Map<String, Setting> environment,
            Map<String, Setting> file,
            Map<String, String> nested) {
        this.properties = properties;
        this.environment = environment;
        this.file = file;
        this.nested = nested;
    }

    /** What {@link Settings#find} says. */
    @Nullable
    Setting find(String className, String methodName, String annotation, String attribute) {
        if (properties.isEmpty() && environment.isEmpty() && file.isEmpty()) {
            return null;
        }
        String everywhere = path(annotation, attribute);
        String byItself = byItself(annotation, attribute);
        Setting found = find(className, path(methodName, everywhere));
        if (found == null && byItself != null) {
            found = find(className, path(methodName, byItself));
        }
        if (found == null) {
            found = find(className, everywhere);
        }
        if (found == null && byItself != null) {
            found = find(className, byItself);
        }
        if (found == null) {
            found = find(everywhere, everywhere, everywhere);
        }
        return found == null && byItself != null ? find(byItself, byItself, byItself) : found;
    }

    /** {@code CircuitBreaker/openFor} for {@code Recover} and {@code breaker/openFor}; null for what is not nested. */
    private @Nullable String byItself(String annotation, String attribute) {
        int slash = attribute.indexOf('/');
        String name = slash < 0 ? null : nested.get(path(annotation, attribute.substring(0, slash)));
        return name == null ? null : path(name, attribute.substring(slash + 1));
    }

    private @Nullable Setting find(String className, String rest) {
        String key = path(className, rest);
        String canonical = className.indexOf('$') < 0 ? key : path(className.replace('$', '.'), rest);
        return find(key, canonical, key);
    }

    private @Nullable Setting find(String key, String canonical, String forEnvironment) {
        Setting found = find(properties, key, canonical);
        if (found == null && !environment.isEmpty()) {
            found = environment.get(Shown.environmentForm(Settings.PREFIX.concat(forEnvironment)));
        }
        return found == null ? find(file, key, canonical) : found;
    }

    private static @Nullable Setting find(Map<String, Setting> settings, String key, String canonical) {
        Setting found = settings.get(key);
        return found == null ? settings.get(canonical) : found;
    }

    private static String path(String first, String rest) {
        return first.concat("/").concat(rest);
    }
}
