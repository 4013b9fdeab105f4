package dev.holdfast.it.programs.said;

import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reflection on a class that may be woven. */
public final class Reflected {

    /** An annotation that has nothing to do with us. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Other {
        String value();
    }

    /** A class of several kinds of methods. */
    static class Subject {
        @Other("method")
        @Recover(attempts = 2, delay = "0s")
        protected <T extends Number & Comparable<T>, X extends Exception> Map<String, List<T>> generic(
                @Other("parameter") List<? super T> first, T[] second, Object... more) throws X, IOException {
            return new TreeMap<>();
        }

        @Recover(attempts = 2, delay = "0s")
        private static long statics(long number) {
            return number;
        }

        void bare() {}
    }

    private static Method method(String name) {
        return Arrays.stream(Subject.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Case(bare = true)
    void a_method_is_what_its_source_says() throws Exception {
        Method generic = method("generic");
        Expect.equal(
                "protected <T,X> java.util.Map<java.lang.String, java.util.List<T>>"
                        + " dev.holdfast.it.programs.said.Reflected$Subject.generic(java.util.List<? super T>,T[],java.lang.Object...)"
                        + " throws X,java.io.IOException",
                generic.toGenericString()
                        .replace("T extends java.lang.Number & java.lang.Comparable<T>", "T")
                        .replace("X extends java.lang.Exception", "X"));
        Expect.that(generic.isVarArgs(), "varargs");
        Expect.that(!generic.isSynthetic(), "not synthetic");
        Expect.that(!generic.isBridge(), "no bridge");
        Expect.equal(List.of(Exception.class, IOException.class), List.of(generic.getExceptionTypes()));
        Expect.equal(2, generic.getAnnotations().length);
        Expect.equal("method", generic.getAnnotation(Other.class).value());
        Expect.equal(2, generic.getAnnotation(Recover.class).attempts());
        Annotation[][] parameters = generic.getParameterAnnotations();
        Expect.equal(3, parameters.length);
        Expect.equal("parameter", ((Other) parameters[0][0]).value());
        Expect.equal(0, parameters[1].length);
        Parameter first = generic.getParameters()[0];
        Expect.equal("java.util.List<? super T>", first.getParameterizedType().toString());
    }

    @Case
    void a_woven_method_adds_one_private_synthetic_method() {
        List<Method> added = Arrays.stream(Subject.class.getDeclaredMethods())
                .filter(method -> method.getName().endsWith("$holdfast"))
                .toList();
        Expect.equal(2, added.size());
        for (Method body : added) {
            Expect.that(
                    body.isSynthetic() && Modifier.isPrivate(body.getModifiers()), "private and synthetic: " + body);
            Method wrapper = method(body.getName().replace("$holdfast", ""));
            Expect.equal(wrapper.getParameterTypes(), body.getParameterTypes());
            Expect.equal(wrapper.getReturnType(), body.getReturnType());
            Expect.equal(Modifier.isStatic(wrapper.getModifiers()), Modifier.isStatic(body.getModifiers()));
            Expect.equal(0, body.getAnnotations().length);
            Expect.equal(
                    0,
                    Arrays.stream(body.getParameterAnnotations())
                            .mapToInt(each -> each.length)
                            .sum());
        }
        Expect.equal(5, Subject.class.getDeclaredMethods().length);
    }

    @Case
    void nothing_else_is_added() {
        Expect.equal(0, Subject.class.getDeclaredFields().length);
        Expect.equal(1, Subject.class.getDeclaredConstructors().length);
        Expect.equal(0, Subject.class.getDeclaredClasses().length);
    }
}
