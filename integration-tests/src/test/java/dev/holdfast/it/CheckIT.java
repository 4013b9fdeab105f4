package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.invalid.LoadsOnly;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command {@code check}, on programs as they are built. */
class CheckIT {

    private static final String SOUND = """
            package shop;
            import dev.holdfast.*;
            import java.io.IOException;
            public class Quotes extends Source<String> {
                static { if (true) throw new Error("initialised"); }
                @Recover(attempts = 3, delay = "200ms", on = IOException.class, fallback = "cached", breaker = @CircuitBreaker)
                String quote(String id) throws IOException { return id; }
                String cached(String id, IOException failure) { return "cached"; }
                @Recover(timeout = "2s", maxConcurrent = 8, lastGood = "1m30s")
                public String price(int[] ids) { return ""; }
                @Recover(attempts = 2, delay = "", fallback = "inherited")
                public String find(String id) { return id; }
                @Twice void twice() {}
                void plain() {}
            }
            """;
    private static final String SOURCE = """
            package shop;
            abstract class Source<T> {
                T inherited(T id) { return id; }
            }
            """;
    private static final String TWICE = """
            package shop;
            @dev.holdfast.Recover(attempts = 2) @interface Twice {}
            """;
    private static final String FAULTY = """
            package shop;
            import dev.holdfast.*;
            class Orders {
                @Recover(attempts = 0, delay = "soon", fallback = "nowhere") int count(String customer) { return 1; }
                @Recover int bare() { return 1; }
            }
            interface Stock {
                @Recover(attempts = 2) int left(String article);
            }
            """;

    private static final List<String> POLICIES = List.of(
            "shop.Quotes.quote(String): @Recover on IOException: breaker opens for 10s at 50% failed of 100 (20 or more), 3 probes,"
                    + " 3 attempts, waits 200ms x 2 up to 10s +-50%, fallback cached(String, IOException)",
            "shop.Quotes.price(int[]): @Recover on Exception: timeout 2s, at most 8 at once, last good result of up to 1m30s",
            "shop.Quotes.find(String): @Recover on Exception: 2 attempts, no wait, fallback inherited(Object)",
            "shop.Quotes.twice(): @Recover on Exception: 2 attempts, waits 100ms x 2 up to 10s +-50%");

    private static Path sound(String folder) {
        return Javac.into(Jvm.work(folder), 17)
                .compile(Map.of("shop/Quotes.java", SOUND, "shop/Source.java", SOURCE, "shop/Twice.java", TWICE));
    }

    private static Path faulty(String folder) {
        return Javac.into(Jvm.work(folder), 17).options("-proc:none").compile("shop/Orders.java", FAULTY);
    }

    private static Jvm.Run check(Jdk jdk, List<String> options, Object... paths) {
        List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(options);
        command.addAll(List.of("-jar", Jvm.agent().toString(), "check"));
        for (Object path : paths) {
            command.add(path.toString());
        }
        return Jvm.run(command);
    }

    private static Jvm.Run check(Object... paths) {
        return check(Jdk.running(), List.of(), paths);
    }

    @EveryJdk
    void lists_each_method_with_what_it_comes_to_and_initialises_nothing(Jdk jdk) {
        Jvm.Run run = check(jdk, List.of(), sound("check-sound-" + jdk));
        assertThat(run.out().lines())
                .as("%s", run)
                .containsAll(POLICIES)
                .endsWith("4 annotated methods in 1 class, no fault");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void tells_all_faults_and_fails() {
        Jvm.Run run = check(sound("check-both"), faulty("check-faulty"));
        assertThat(run.out().lines())
                .as("%s", run)
                .containsAll(POLICIES)
                .contains(
                        "FAULT shop.Orders.count(String): @Recover attempts must be 1 or more, was 0",
                        "FAULT shop.Stock.left(String): @Recover does not work on an abstract method, which has no body; put it"
                                + " on the methods that implement this one")
                .anyMatch(line -> line.startsWith("FAULT shop.Orders.count(String): @Recover delay must be "))
                .anyMatch(
                        line -> line.startsWith(
                                "FAULT shop.Orders.count(String): @Recover fallback \"nowhere\" not found; expected: int nowhere(String)"))
                .anyMatch(line -> line.startsWith("FAULT shop.Orders.bare(): @Recover can do nothing; expected: "))
                .endsWith("7 annotated methods in 3 classes, 5 faults");
        assertThat(run.exit()).isEqualTo(1);
    }

    @Test
    void says_what_the_agent_would_say() {
        List<String> said = Jvm.of(Jdk.running())
                .run(LoadsOnly.class.getName())
                .err()
                .lines()
                .filter(line -> line.contains(" ERROR holdfast: "))
                .map(line -> "FAULT " + line.substring(line.indexOf("holdfast: ") + "holdfast: ".length()))
                .toList();
        assertThat(said).hasSizeGreaterThan(5);
        assertThat(check(Jvm.programs()).out().lines()).containsAll(said);
    }

    @Test
    void finds_what_lies_in_archives_within_archives() throws IOException {
        Path library = jar("check-library.jar", faulty("check-boot-library"), "");
        Path boot = Jvm.work("check").resolve("check-boot.jar");
        try (OutputStream file = Files.newOutputStream(boot);
                JarOutputStream jar = new JarOutputStream(file)) {
            add(jar, sound("check-boot-classes"), "BOOT-INF/classes/");
            jar.putNextEntry(new JarEntry("BOOT-INF/lib/library.jar"));
            Files.copy(library, jar);
        }
        Jvm.Run run = check(boot);
        assertThat(run.out().lines())
                .as("%s", run)
                .containsAll(POLICIES)
                .contains("FAULT shop.Orders.count(String): @Recover attempts must be 1 or more, was 0")
                .endsWith("7 annotated methods in 3 classes, 5 faults");
        assertThat(run.exit()).isEqualTo(1);
    }

    @Test
    void refuses_a_channel_that_nothing_in_the_program_brings() throws IOException {
        List<String> options = List.of("-Dholdfast.channel.q=teams://host/");
        Path classes = sound("check-channel");
        Jvm.Run refused = check(Jdk.running(), options, classes, Jvm.annotations());
        assertThat(refused.err())
                .as("%s", refused)
                .contains("holdfast.channel.q (system property) has an unknown scheme, was \"teams://host/\"");
        assertThat(refused.exit()).isEqualTo(2);

        assertThat(check(Jdk.running(), options, classes).exit())
                .as("what else there is, nobody knows")
                .isZero();
        Path service = Jvm.work("check-service").resolve("META-INF/services/dev.holdfast.NotificationChannel");
        Files.createDirectories(service.getParent());
        Files.writeString(service, "com.acme.Teams");
        for (Path brings : List.of(
                Jvm.work("check-service"), jar("check-service.jar", Jvm.work("check-service"), "BOOT-INF/classes/"))) {
            Jvm.Run run = check(Jdk.running(), options, classes, Jvm.annotations(), brings);
            assertThat(run.exit()).as("%s", run).isZero();
        }
    }

    @Test
    void takes_folders_of_jars_and_wars() throws IOException {
        Path folder = Jvm.work("check-folder");
        Files.createDirectories(folder.resolve("deep"));
        Files.copy(
                jar("check-one.jar", sound("check-one"), ""),
                folder.resolve("deep/one.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                jar("check-two.war", faulty("check-two"), "WEB-INF/classes/"),
                folder.resolve("two.war"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(check(folder).out()).endsWith("7 annotated methods in 3 classes, 5 faults\n");
    }

    @Test
    void reads_the_class_that_this_jvm_would_load_from_a_multi_release_jar() throws IOException {
        Path base = Javac.into(Jvm.work("check-base"), 17)
                .compile(
                        "shop/One.java",
                        "package shop; class One { @dev.holdfast.Recover(attempts = 2) void one() {} }");
        Path newer = Javac.into(Jvm.work("check-newer"), 17)
                .compile(
                        "shop/One.java",
                        "package shop; class One { @dev.holdfast.Recover(attempts = 7) void one() {} }");
        Path file = Jvm.work("check").resolve("check-multi.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            add(jar, base, "");
            add(jar, newer, "META-INF/versions/11/");
            add(jar, base, "META-INF/versions/99/");
        }
        assertThat(check(file).out()).contains("7 attempts").endsWith("1 annotated method in 1 class, no fault\n");
    }

    @Test
    void is_unsure_where_a_class_is_missing_and_fails_for_no_guess() throws IOException {
        Path classes = Javac.into(Jvm.work("check-missing"), 17)
                .compile(
                        Map.of(
                                "lib/Gone.java",
                                "package lib; public class Gone extends Exception {}",
                                "shop/One.java",
                                "package shop; class One { @dev.holdfast.Recover(attempts = 2, on = lib.Gone.class) void one() {}"
                                        + " @dev.holdfast.Recover(fallback = \"that\") void two() {} void that(lib.Gone gone) {} }"));
        Files.delete(classes.resolve("lib/Gone.class"));
        Jvm.Run run = check(classes);
        assertThat(run.out())
                .as("%s", run)
                .contains(
                        "lib.Gone",
                        "one(): @Recover on Gone: 2 attempts",
                        "two(): @Recover on Exception: fallback that()");
        assertThat(run.out().lines().filter(line -> line.startsWith("FAULT") || line.startsWith("UNSURE")))
                .hasSize(2);
    }

    @Test
    void goes_by_the_configuration_that_the_program_would_have() {
        Path classes = sound("check-configured");
        assertThat(check(Jdk.running(), List.of("-Dholdfast.shop.Quotes/twice/Recover/attempts=5"), classes)
                        .out())
                .contains("shop.Quotes.twice(): @Recover on Exception: 5 attempts");
        assertThat(check(Jdk.running(), List.of("-Dholdfast.shop.Quotes/twice/Recover/enabled=false"), classes)
                        .out())
                .doesNotContain("twice")
                .endsWith("3 annotated methods in 1 class, no fault\n");
        assertThat(check(Jdk.running(), List.of("-Dholdfast.shop.Quotes/twice/Recover/attempts=1"), classes)
                        .out())
                .contains("shop.Quotes.twice(): @Recover on Exception: nothing, as the configuration has it");
        Jvm.Run fault = check(Jdk.running(), List.of("-Dholdfast.shop.Quotes/twice/Recover/fallback=none"), classes);
        assertThat(fault.out()).contains("FAULT shop.Quotes.twice(): @Recover fallback \"none\" not found");
        assertThat(fault.exit()).isEqualTo(1);
        Jvm.Run invalid = check(Jdk.running(), List.of("-Dholdfast.log=loud"), classes);
        assertThat(invalid.err()).contains("holdfast.log").contains("loud");
        assertThat(invalid.exit()).isEqualTo(2);
    }

    @Test
    void says_what_it_cannot_check() throws IOException {
        Path text = Jvm.work("check").resolve("check-text.jar");
        Files.writeString(text, "no jar");
        Path empty = Jvm.work("check-empty");
        Files.createDirectories(empty);
        assertThat(check().err()).contains("check what? expected: check <jar|folder>...");
        assertThat(check().exit()).isEqualTo(2);
        for (Map.Entry<Path, String> one : Map.of(
                        text, "is no jar", empty, "there is no class file", Path.of("no-such-place"), "is not there")
                .entrySet()) {
            Jvm.Run run = check(one.getKey());
            assertThat(run.err()).as("%s", run).contains(one.getValue()).hasLineCount(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.exit()).isEqualTo(2);
        }
    }

    @Test
    void names_class_files_that_are_cut_off() throws IOException {
        Path classes = Javac.into(Jvm.work("check-cut-off"), 17)
                .compile(
                        "shop/One.java",
                        "package shop; class One { @dev.holdfast.Recover(attempts = 2) void one() {} }");
        Path file = classes.resolve("shop/One.class");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 100, whole.length - 20}) {
            Files.write(file, Arrays.copyOf(whole, length));
            Jvm.Run run = check(classes);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).contains("FAULT shop.One cannot be read").contains("1 fault");
        }
    }

    @Test
    void names_the_entry_of_a_jar_that_is_damaged() throws IOException {
        Path file = jar("check-damaged.jar", sound("check-damaged"), "");
        byte[] bytes = Files.readAllBytes(file);
        long at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("shop/Quotes.class");
        Arrays.fill(bytes, (int) at + 60, (int) at + 120, (byte) 0x55);
        Files.write(file, bytes);
        Jvm.Run run = check(file);
        assertThat(run.err())
                .as("%s", run)
                .startsWith("holdfast: shop/Quotes.class in ")
                .contains("check-damaged.jar is damaged (")
                .hasLineCount(1);
        assertThat(run.exit()).isEqualTo(2);
    }

    private static Path jar(String name, Path classes, String under) throws IOException {
        Path file = Jvm.work("check").resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            add(jar, classes, under);
        }
        return file;
    }

    private static void add(JarOutputStream jar, Path classes, String under) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            jar.putNextEntry(new JarEntry(under + classes.relativize(file)));
            Files.copy(file, jar);
        }
    }
}
