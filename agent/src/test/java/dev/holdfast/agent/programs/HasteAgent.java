package dev.holdfast.agent.programs;

import java.lang.instrument.Instrumentation;

/** An agent that loads a class of the program before Holdfast could weave it. */
public final class HasteAgent {

    private HasteAgent() {}

    public static void premain(String arguments, Instrumentation instrumentation) throws ReflectiveOperationException {
        Class.forName("dev.holdfast.agent.programs.Guarded");
    }
}
