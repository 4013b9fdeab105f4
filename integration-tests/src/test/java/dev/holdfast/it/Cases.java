package dev.holdfast.it;

import static org.junit.jupiter.api.Assertions.fail;

import dev.holdfast.it.programs.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Turns the cases that one JVM runs into a test each. */
final class Cases {

    private Cases() {}

    /** The cases of some classes, all in one JVM for each JDK, with every class verified. */
    static Stream<DynamicNode> everywhere(Class<?>... types) {
        return Jdk.all().stream()
                .map(jdk -> DynamicContainer.dynamicContainer(
                        jdk.toString(), under(jdk.toString(), Jvm.of(jdk).options("-Xverify:all"), types)));
    }

    /** The cases that hold without the agent, without it. */
    static DynamicNode bare(Class<?>... types) {
        Jvm jvm = Jvm.of(Jdk.running()).bare();
        return DynamicContainer.dynamicContainer(
                "without the agent", tests(expected(true, types), jvm, "--bare", types));
    }

    /** The cases of some classes in one given JVM. */
    static Stream<DynamicNode> under(String name, Jvm jvm, Class<?>... types) {
        return tests(expected(false, types), jvm, "", types);
    }

    private static List<String> expected(boolean bareOnly, Class<?>... types) {
        List<String> expected = new ArrayList<>();
        for (Class<?> type : types) {
            Program.cases(type, bareOnly).forEach(method -> expected.add(Program.name(type, method)));
        }
        return expected;
    }

    private static Stream<DynamicNode> tests(List<String> expected, Jvm jvm, String option, Class<?>... types) {
        List<String> command = new ArrayList<>();
        command.add(Program.class.getName());
        if (!option.isEmpty()) {
            command.add(option);
        }
        for (Class<?> type : types) {
            command.add(type.getName());
        }
        return report(expected, jvm.run(command.toArray(String[]::new)), run -> {});
    }

    /** A test for each expected case, one that nothing else was printed on stdout, and one for the run as a whole. */
    static Stream<DynamicNode> report(List<String> expected, Jvm.Run run, ThrowingConsumer<Jvm.Run> whole) {
        Map<String, String> failed = new LinkedHashMap<>();
        List<String> passed = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String line : run.lines()) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("ok") && words.length == 2) {
                passed.add(words[1]);
            } else if (words[0].equals("FAILED") && words.length == 3) {
                failed.put(words[1], words[2]);
            } else {
                others.add(line);
            }
        }
        List<DynamicNode> tests = new ArrayList<>();
        for (String name : expected) {
            tests.add(DynamicTest.dynamicTest(name, () -> {
                String why = failed.get(name);
                if (why != null) {
                    fail(why + "\n" + trace(run, name));
                }
                if (!passed.contains(name)) {
                    fail("no line for this case; see the run as a whole");
                }
            }));
        }
        tests.add(DynamicTest.dynamicTest("as a whole", () -> {
            run.succeeds();
            if (!others.isEmpty()) {
                fail("unexpected on stdout: " + others);
            }
            List<String> unknown = new ArrayList<>(passed);
            unknown.addAll(failed.keySet());
            unknown.removeAll(expected);
            if (!unknown.isEmpty()) {
                fail("cases that nobody expects: " + unknown);
            }
            List<String> missing = new ArrayList<>(expected);
            missing.removeAll(passed);
            missing.removeAll(failed.keySet());
            if (!missing.isEmpty()) {
                fail(missing.size() + " cases without a line, the first is " + missing.get(0) + ": " + run);
            }
            whole.accept(run);
        }));
        return tests.stream();
    }

    private static String trace(Jvm.Run run, String name) {
        int start = run.err().indexOf("FAILED " + name + "\n");
        if (start < 0) {
            return "";
        }
        int end = run.err().indexOf("\nFAILED ", start);
        return run.err().substring(start, end < 0 ? run.err().length() : end);
    }
}
