package dev.holdfast.agent.programs;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** A program that is its own agent: retransforms and redefines a class that is woven, and one that is not. */
public final class Retransforming {

    private static @Nullable Instrumentation instrumentation;

    private Retransforming() {}

    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    public static void main(String[] arguments) throws Exception {
        Instrumentation jvm = instrumentation;
        if (jvm == null) {
            throw new IllegalStateException("start it as an agent, too");
        }
        int before = Guarded.answer(1);
        jvm.retransformClasses(Guarded.class, Hello.class);
        System.out.println("retransformed " + (before == Guarded.answer(1)) + " " + Guarded.isWoven(Guarded.class));
        jvm.redefineClasses(definition(Guarded.class), definition(Hello.class));
        System.out.println("redefined " + (before == Guarded.answer(1)) + " " + Guarded.isWoven(Guarded.class));
    }

    private static ClassDefinition definition(Class<?> type) throws Exception {
        try (var classFile = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            if (classFile == null) {
                throw new IllegalStateException("no class file of " + type);
            }
            return new ClassDefinition(type, classFile.readAllBytes());
        }
    }
}
