package dev.holdfast.runtime.template;

import dev.holdfast.runtime.template.TemplateParser.NoTemplate;
import dev.holdfast.runtime.template.TemplateParser.Step;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the member that a step leads over: a public one, as the class that the template stands in could call it. Where the type itself is
 * hidden (the JDK's own HTTP exchange is), a superclass or an interface that declares the member will do.
 */
final class Members {

    private Members() {}

    /**
     * Finds it by reflection; initialises nothing.
     *
     * @param type of what stands before the step
     * @param from the class that the template stands in
     * @throws NoTemplate if there is none, or more than one that fits as well
     */
    static Member find(Class<?> type, Step step, Class<?> from) throws NoTemplate {
        if (type.isPrimitive()) {
            throw new NoTemplate("there is nothing behind " + type.getName() + "; expected: no ." + step.name());
        }
        try {
            List<Class<?>> types = accessible(type, from);
            List<String> literals = step.literals();
            Member found = literals == null ? property(types, step.name()) : method(types, step.name(), literals);
            if (found == null) {
                throw new NoTemplate(missing(type, types, step));
            }
            return found;
        } catch (LinkageError incomplete) {
            throw new NoTemplate("the members of " + type.getName() + " cannot be read (" + incomplete + ")");
        }
    }

    /** The type and all above it that the class may use, the nearest first. */
    private static List<Class<?>> accessible(Class<?> type, Class<?> from) {
        Set<Class<?>> seen = new LinkedHashSet<>();
        for (Class<?> above = type; above != null; above = above.getSuperclass()) {
            seen.add(above);
        }
        Deque<Class<?>> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (Class<?> parent : open.remove().getInterfaces()) {
                if (seen.add(parent)) {
                    open.add(parent);
                }
            }
        }
        seen.add(Object.class); // an interface has its methods, too
        List<Class<?>> accessible = new ArrayList<>();
        for (Class<?> one : seen) {
            if (isAccessible(one, from)) {
                accessible.add(one);
            }
        }
        return accessible;
    }

    private static boolean isAccessible(Class<?> type, Class<?> from) {
        boolean samePackage = type.getClassLoader() == from.getClassLoader()
                && type.getPackageName().equals(from.getPackageName());
        return samePackage
                || (Modifier.isPublic(type.getModifiers())
                        && from.getModule().canRead(type.getModule())
                        && type.getModule().isExported(type.getPackageName(), from.getModule()));
    }

    /** The accessor of a record or a method called like one, else a getter, else a field. */
    private static @Nullable Member property(List<Class<?>> types, String name) {
        String capitalised = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        for (String getter : new String[] {name, "get" + capitalised, "is" + capitalised}) {
            for (Class<?> type : types) {
                Method found = getter(type, getter);
                if (found != null) {
                    return found;
                }
            }
        }
        for (Class<?> type : types) {
            for (Field field : type.getDeclaredFields()) {
                if (isOfInstance(field) && field.getName().equals(name)) {
                    return field;
                }
            }
        }
        return null;
    }

    private static @Nullable Method getter(Class<?> type, String name) {
        Method best = null;
        for (Method method : type.getDeclaredMethods()) {
            if (isOfInstance(method)
                    && method.getName().equals(name)
                    && method.getParameterCount() == 0
                    && method.getReturnType() != void.class
                    && (best == null || best.isBridge())) {
                best = method;
            }
        }
        return best;
    }

    private static @Nullable Method method(List<Class<?>> types, String name, List<String> literals) throws NoTemplate {
        Method best = null;
        boolean ambiguous = false;
        for (Class<?> type : types) {
            for (Method method : type.getDeclaredMethods()) {
                if (!isOfInstance(method)
                        || !method.getName().equals(name)
                        || method.getReturnType() == void.class
                        || !takesTexts(method, literals.size())) {
                    continue;
                }
                int better = best == null ? 1 : exactness(method) - exactness(best);
                if (better > 0 || (better == 0 && best != null && best.isBridge() && !method.isBridge())) {
                    best = method;
                    ambiguous = false;
                } else if (better == 0 && best != null && !overrides(best, method)) {
                    ambiguous = true;
                }
            }
        }
        if (ambiguous) {
            throw new NoTemplate("several methods " + name + " take " + literals.size()
                    + " texts; expected: one that does, or another way to the value");
        }
        return best;
    }

    private static boolean overrides(Method nearer, Method other) {
        return List.of(nearer.getParameterTypes()).equals(List.of(other.getParameterTypes()));
    }

    private static boolean takesTexts(Method method, int count) {
        if (method.getParameterCount() != count) {
            return false;
        }
        for (Class<?> parameter : method.getParameterTypes()) {
            if (!parameter.isAssignableFrom(String.class)) {
                return false;
            }
        }
        return true;
    }

    /** How many parameters ask for text rather than for something that text is, too. */
    private static int exactness(Method method) {
        int exact = 0;
        for (Class<?> parameter : method.getParameterTypes()) {
            exact += parameter == String.class ? 1 : 0;
        }
        return exact;
    }

    private static boolean isOfInstance(Member member) {
        return Modifier.isPublic(member.getModifiers()) && !Modifier.isStatic(member.getModifiers());
    }

    private static String missing(Class<?> type, List<Class<?>> types, Step step) {
        boolean hidden = !types.contains(type);
        String where = type.getTypeName() + (hidden ? ", which is not public, nor any public type above it," : "");
        List<String> literals = step.literals();
        if (literals != null) {
            return where + " has no public method " + step.name() + " that takes "
                    + (literals.isEmpty() ? "nothing" : literals.size() + (literals.size() == 1 ? " text" : " texts"))
                    + " and gives something";
        }
        String name = step.name();
        String capitalised = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        return where + " has no public " + name + "; expected: " + name + "(), get" + capitalised + "(), is"
                + capitalised + "() or a field " + name;
    }
}
