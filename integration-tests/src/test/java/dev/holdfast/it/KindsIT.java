package dev.holdfast.it;

import dev.holdfast.it.programs.kinds.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every kind of method, in class files of every release, under every policy, with every class verified. */
class KindsIT {

    private static final List<Integer> RELEASES = List.of(8, 11, 17, 21, 25);
    private static final Pattern DECLARED = Pattern.compile("kinds\\.(?:kind|check)\\(\"([^\"]+)\"");

    /** The sources by the release that they need and the name of their class. */
    private static final Map<Integer, Map<String, String>> SOURCES = new TreeMap<>();

    private static final Map<Integer, Path> FOLDERS = new TreeMap<>();

    @BeforeAll
    static void compile() throws IOException {
        int newest = Jdk.all().get(Jdk.all().size() - 1).feature();
        Map<String, String> soFar = new TreeMap<>();
        for (int release : RELEASES) {
            Map<String, String> here = new TreeMap<>();
            try (Stream<Path> files = Files.list(Jvm.source("kinds").resolve(Integer.toString(release)))) {
                for (Path file : files.sorted().toList()) {
                    here.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
            if (release == 8) {
                here.put("Slots", slots());
            }
            SOURCES.put(release, here);
            soFar.putAll(here);
            if (release <= newest) {
                Map<String, String> sources = new LinkedHashMap<>();
                Kinds.POLICIES.forEach((policy, text) -> soFar.forEach((name, source) -> sources.put(
                        "kinds/" + policy + "/" + name + ".java",
                        source.replace("package kinds.policy;", "package kinds." + policy + ";")
                                .replace("@Policy", text))));
                FOLDERS.put(
                        release,
                        Javac.into(Jvm.work("kinds").resolve(Integer.toString(release)), release)
                                .compile(sources));
            }
        }
    }

    @TestFactory
    Stream<DynamicNode> kinds() {
        return Jdk.all().stream().map(jdk -> DynamicContainer.dynamicContainer(jdk.toString(), kinds(jdk)));
    }

    private static Stream<DynamicNode> kinds(Jdk jdk) {
        List<String> names = SOURCES.values().stream()
                .flatMap(each -> each.keySet().stream())
                .toList();
        List<String> command = new ArrayList<>(List.of(Kinds.class.getName(), String.join(",", names)));
        List<String> expected = new ArrayList<>();
        FOLDERS.forEach((release, folder) -> {
            if (release <= jdk.feature()) {
                command.add(folder.toString());
                Kinds.POLICIES.keySet().forEach(policy -> expected.addAll(declared(release, policy)));
            }
        });
        Jvm.Run run = Jvm.of(jdk).options("-Xverify:all").run(command.toArray(String[]::new));
        return Cases.report(expected, run, whole -> {});
    }

    private static List<String> declared(int folder, String policy) {
        List<String> names = new ArrayList<>();
        SOURCES.forEach((release, sources) -> {
            if (release <= folder) {
                sources.forEach((type, source) -> {
                    String place = folder + "/" + policy + "/" + type;
                    Matcher declared = DECLARED.matcher(source);
                    while (declared.find()) {
                        names.add(place + "/" + declared.group(1));
                    }
                    names.add(place);
                });
            }
        });
        return names;
    }

    /** Methods with as many parameters as there may be, and some fewer: what a wrapper passes on besides has its limits there. */
    private static String slots() {
        StringBuilder methods = new StringBuilder();
        StringBuilder declarations = new StringBuilder();
        for (int slots = 244; slots <= 255; slots++) {
            methods.append(method("static int", slots, "int"));
            declarations.append(declaration("Slots", slots, "int"));
            if (slots % 2 == 0) {
                methods.append(method("static long", slots / 2, "long"));
                declarations.append(declaration("Slots", slots / 2, "long"));
            }
            if (slots < 255) {
                methods.append(method("int", slots, "short"));
                declarations.append(declaration("on", slots, "short"));
            }
        }
        return "package kinds.policy;\n"
                + "import dev.holdfast.it.programs.kinds.Kinds;\n"
                + "import dev.holdfast.it.programs.kinds.Plan;\n"
                + "public final class Slots {\n"
                + methods
                + "    public static void declare(Kinds kinds) throws Exception {\n"
                + "        Slots on = new Slots();\n"
                + declarations
                + "    }\n}\n";
    }

    private static String method(String result, int count, String type) {
        String parameters =
                IntStream.range(0, count).mapToObj(i -> type + " a" + i).collect(Collectors.joining(", "));
        int last = count - 1;
        String name = type + "s" + count;
        String returned = result.replace("static ", "");
        return "    @Policy " + result + " " + name + "(" + parameters + ") {\n"
                + "        Plan.begin(a0, a1, a" + last + "); " + returned + " r = a0 + a" + last + ";\n"
                + "        a0 = 0; a1 = 0; a" + last + " = 0; Plan.end(); return r;\n    }\n"
                + "    " + result + " instead(" + parameters + ") {\n"
                + "        Plan.instead(a0, a1, a" + last + "); return -1;\n    }\n";
    }

    private static String declaration(String on, int count, String type) {
        String name = type + "s" + count;
        String arguments = IntStream.range(1, count + 1)
                .mapToObj(i -> "(" + type + ") " + i)
                .collect(Collectors.joining(", "));
        String suffix = type.equals("long") ? "L" : "";
        return "        kinds.kind(\"" + name + "\", " + (count + 1) + suffix + ", -1" + suffix + ", () -> " + on + "."
                + name + "(" + arguments + "));\n";
    }
}
