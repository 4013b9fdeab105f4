package dev.holdfast.it.programs;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Runs the cases of the classes that its arguments name and prints a line for each on stdout, and nothing else there:
 * {@code ok Type.case} or {@code FAILED Type.case why}; stack traces go to stderr. Each case has a thread of its own, which must
 * end in time and without an interrupt flag. {@code --bare} runs those alone that hold without the agent.
 */
public final class Program {

    private static final long DEADLINE_MILLIS = 30_000;

    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private Program() {}

    public static void main(String[] arguments) throws Exception {
        boolean bare = false;
        for (String argument : arguments) {
            if (argument.equals("--bare")) {
                bare = true;
                continue;
            }
            Class<?> type = Class.forName(argument);
            for (Method method : cases(type, bare)) {
                run(name(type, method), () -> invoke(type, method));
            }
        }
        // A case that hangs must not keep the JVM.
        System.exit(0);
    }

    /** The cases of a class by name. */
    public static List<Method> cases(Class<?> type, boolean bareOnly) {
        List<Method> cases = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            Case marked = method.getAnnotation(Case.class);
            if (marked != null && (marked.bare() || !bareOnly)) {
                cases.add(method);
            }
        }
        cases.sort(Comparator.comparing(Method::getName));
        return cases;
    }

    /** What a case is called in the output. */
    public static String name(Class<?> type, Method method) {
        return type.getSimpleName() + "." + method.getName();
    }

    /** Runs one and prints its line. */
    public static void run(String name, Action body) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                        if (Thread.interrupted()) {
                            throw new AssertionError("it leaves an interrupt flag behind");
                        }
                    } catch (Throwable thrown) {
                        failure[0] = thrown;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        thread.join(DEADLINE_MILLIS);
        if (thread.isAlive()) {
            AssertionError late = new AssertionError("not done after " + DEADLINE_MILLIS + " ms");
            late.setStackTrace(thread.getStackTrace());
            report(name, late);
        } else {
            report(name, failure[0]);
        }
    }

    /** Prints the line of a case. */
    public static void report(String name, Throwable failure) {
        if (failure == null) {
            OUT.println("ok " + name);
            return;
        }
        OUT.println("FAILED " + name + " " + failure.toString().replaceAll("\\s+", " "));
        StringBuilder trace = new StringBuilder("FAILED ").append(name).append('\n');
        trace.append(failure).append('\n');
        int frames = 0;
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frames++ < 30) {
                trace.append("\tat ").append(frame).append('\n');
            }
        }
        System.err.print(trace);
        if (failure.getCause() != null) {
            failure.getCause().printStackTrace();
        }
    }

    private static void invoke(Class<?> type, Method method) throws Throwable {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        try {
            method.invoke(constructor.newInstance());
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
