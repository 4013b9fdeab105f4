package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.notify.Cramped;
import dev.holdfast.it.programs.notify.Ending;
import dev.holdfast.it.programs.notify.Killed;
import dev.holdfast.it.programs.notify.LastWords;
import dev.holdfast.it.programs.notify.Mortal;
import dev.holdfast.it.programs.notify.Tellings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code @NotifyOnFailure} promises, under the agent and against real receivers. */
class NotifyIT {

    /** A call of a webhook. */
    private record Hook(String id, String timestamp, String signature, String body) {}

    private static final String SECRET =
            "whsec_" + Base64.getEncoder().encodeToString("sixteen bytes...".getBytes(UTF_8));

    private final ConcurrentLinkedQueue<Hook> hooks = new ConcurrentLinkedQueue<>();

    /** How many of the next calls are answered by a 503. */
    private final AtomicInteger refusals = new AtomicInteger();

    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", this::take);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            hooks.add(new Hook(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    body));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private String hook() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?secret=" + SECRET;
    }

    private Jvm jvm(String application) {
        return Jvm.of(Jdk.running())
                .options(
                        "-Dholdfast.journal=" + folder.resolve("journal"),
                        "-Dholdfast.application=" + application,
                        "-Dholdfast.channel.hook=" + hook());
    }

    @TestFactory
    Stream<DynamicNode> tells() {
        Path events = folder.resolve("events.jsonl");
        Jvm jvm = jvm("tellings of it")
                .options(
                        "-Dit.events=" + events,
                        "-Dholdfast.notify=file",
                        "-Dholdfast.channel.file=file:" + events,
                        "-Dholdfast.channel.second=file:" + events + ".second",
                        "-Dholdfast.channel.flood=file:" + events + ".flood",
                        "-Dholdfast.channel.own=selfish:whatever",
                        "-Dholdfast.channel.strange=strange://host/path");
        List<String> expected = Program.cases(Tellings.class, false).stream()
                .map(method -> Program.name(Tellings.class, method))
                .toList();
        Jvm.Run run = jvm.run(Program.class.getName(), Tellings.class.getName());
        return Cases.report(expected, run, whole -> {
            assertThat(run.err())
                    .containsOnlyOnce("holdfast.channel.nowhere has no address")
                    .containsOnlyOnce("holdfast.channel.strange has an unknown scheme, strange")
                    .containsOnlyOnce("the message of @NotifyOnFailure cannot be filled in")
                    .contains("\"message\":\"failure for nobody\"");
        });
    }

    @Test
    void tells_after_a_kill_what_it_had_taken_before_and_signs_it() throws Exception {
        refusals.set(Integer.MAX_VALUE);
        assertThat(jvm("killed").run(Killed.class.getName(), "200").exit()).isEqualTo(3);
        assertThat(hooks).isEmpty();
        Path journal = folder.resolve("journal");
        assertThat(journal("list", journal))
                .contains("waiting for hook: 200")
                .endsWith("200 events wait, 0 are dead\n");
        assertThat(journal("show", journal).lines().filter(line -> line.contains("failure before the end")))
                .hasSize(200);
        assertThat(journal("resend", journal)).isEqualTo("in all: 0 to be sent again\n");

        // One that does not know the channel must not take what is for it for its own log.
        assertThat(Jvm.of(Jdk.running())
                        .options("-Dholdfast.journal=" + journal, "-Dholdfast.application=killed")
                        .run(Killed.class.getName())
                        .succeeds()
                        .err())
                .containsOnlyOnce("for the channel hook, which has no address here")
                .doesNotContain("failure before the end");
        assertThat(journal("list", journal)).contains("dead for hook: 200").endsWith("0 events wait, 200 are dead\n");
        assertThat(journal("resend", journal)).endsWith("in all: 200 to be sent again\n");

        refusals.set(0);
        runUntil("killed", () -> hooks.size() >= 200);

        Set<String> told = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (Hook hook : hooks) {
            assertThat(hook.signature()).isEqualTo("v1," + signature(hook));
            assertThat(hook.body()).contains("\"id\":\"" + hook.id() + "\"").doesNotContain("\n");
            ids.add(hook.id());
            told.add(hook.body().replaceAll(".*failure before the end (\\d+).*", "$1"));
        }
        assertThat(told).hasSize(200);
        assertThat(ids).hasSize(200);
        // All is told, so nothing is left but the folder of the application.
        try (Stream<Path> left = Files.list(folder.resolve("journal").resolve("killed"))) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    /** As the command line tells it. */
    private static String journal(String action, Path folder) {
        return String.join(
                        "\n",
                        Jvm.of(Jdk.running())
                                .bare()
                                .classPath(List.of())
                                .run("-jar", Jvm.agent().toString(), "journal", folder.toString(), action)
                                .succeeds()
                                .lines())
                + "\n";
    }

    private static String signature(Hook hook) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("sixteen bytes...".getBytes(UTF_8), "HmacSHA256"));
        String signed = hook.id() + "." + hook.timestamp() + "." + hook.body();
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    @Test
    void loses_nothing_that_was_on_disk_however_often_it_is_killed() throws Exception {
        refusals.set(Integer.MAX_VALUE);
        Random random = new Random(7);
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            assertThat(jvm("mortal")
                            .run(Mortal.class.getName(), String.valueOf(i), String.valueOf(150 + random.nextInt(400)))
                            .exit())
                    .isNotZero();
            Set<String> now = onDisk("mortal failure \\d-\\d+;");
            assertThat(now).as("what earlier ones had left is still there").containsAll(kept);
            kept.addAll(now);
        }
        assertThat(kept).hasSizeGreaterThan(6);
        refusals.set(0);
        runUntil("mortal", () -> mortals().containsAll(kept));
        assertThat(mortals()).containsAll(kept);
    }

    private Set<String> mortals() {
        Set<String> told = new HashSet<>();
        for (Hook hook : hooks) {
            Matcher matcher = Pattern.compile("mortal failure \\d-\\d+;").matcher(hook.body());
            if (matcher.find()) {
                told.add(matcher.group());
            }
        }
        return told;
    }

    /** Runs a program that takes over what others have left, until that is told. */
    private void runUntil(String application, BooleanSupplier told) throws InterruptedException {
        Path file = folder.resolve(application + " is told");
        Thread watches = new Thread(() -> {
            await(told);
            create(file);
        });
        watches.start();
        jvm(application).run(Killed.class.getName(), "until", file.toString()).succeeds();
        watches.join();
    }

    private Set<String> onDisk(String pattern) throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.walk(folder.resolve("journal"))) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("events-"))
                    .toList()) {
                String text = new String(Files.readAllBytes(file), ISO_8859_1);
                // A record that is whole is one that ends in a whole event.
                Matcher matcher = Pattern.compile("(" + pattern + ")[^\\n]{0,2000}?\"arguments\":\\[[^\\]]*\\]\\}\\}")
                        .matcher(text);
                while (matcher.find()) {
                    found.add(matcher.group(1));
                }
            }
        }
        return found;
    }

    @Test
    void counts_what_a_full_disk_does_not_take_and_goes_on_when_there_is_room() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString())
                .redirectErrorStream(true)
                .start();
        assumeThat(mount.waitFor()).as("only root may mount a small disk").isZero();
        try {
            refusals.set(Integer.MAX_VALUE);
            Path go = folder.resolve("go");
            Path done = folder.resolve("done");
            Path end = folder.resolve("end");
            Thread opens = new Thread(() -> {
                await(() -> Files.exists(go));
                refusals.set(0);
                await(() -> toldOrDropped() >= 4_000);
                create(done);
                await(() -> toldOrDropped() >= 4_010);
                create(end);
            });
            opens.start();
            Jvm.Run run = Jvm.of(Jdk.running())
                    .options(
                            "-Dholdfast.journal=" + small,
                            "-Dholdfast.application=cramped",
                            "-Dholdfast.channel.hook=" + hook())
                    .run(Cramped.class.getName(), go.toString(), done.toString(), end.toString());
            run.succeeds();
            assertThat(run.err()).contains("an event cannot be kept, and is lost");
            opens.join();
            assertThat(toldOrDropped()).isEqualTo(4_010);
            assertThat(dropped()).isPositive().isLessThan(4_000);
        } finally {
            assertThat(new ProcessBuilder("umount", "-l", small.toString())
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    private long dropped() {
        return hooks.stream()
                .map(Hook::body)
                .filter(body -> body.contains("dev.holdfast.events.dropped.v1"))
                .mapToLong(body -> Long.parseLong(body.replaceAll(".*\"dropped\":(\\d+).*", "$1")))
                .sum();
    }

    private long toldOrDropped() {
        Set<String> told = new HashSet<>();
        for (Hook hook : hooks) {
            if (hook.body().contains("cramped failure")) {
                told.add(hook.id());
            }
        }
        return told.size() + dropped();
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 1_200 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Takes connections, and answers nothing. */
    private static ServerSocket deaf() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:%d/",
                "slack+http://127.0.0.1:%d/",
                "redis://127.0.0.1:%d/?stream=s",
                "amqp://127.0.0.1:%d/?routingKey=q",
                "nsq://127.0.0.1:%d/topic",
                "smtp://127.0.0.1:%d/?from=a@b.c&to=d@e.f"
            })
    void keeps_nobody_waiting_at_the_end_for_a_receiver_that_hangs_or_is_gone(String uri) throws IOException {
        try (ServerSocket deaf = deaf()) {
            assertThat(endMillis(uri.formatted(deaf.getLocalPort()))).isLessThan(2_000);
        }
        ServerSocket gone = deaf();
        gone.close();
        assertThat(endMillis(uri.formatted(gone.getLocalPort()))).isLessThan(2_000);
    }

    private long endMillis(String uri) {
        Jvm.Run run = jvm("ending")
                .options("-Dholdfast.channel.far=" + uri, "-Dholdfast.notify=far")
                .run(Ending.class.getName(), "300");
        return System.currentTimeMillis()
                - Long.parseLong(run.succeeds().lines().get(0));
    }

    @Test
    void does_not_start_with_a_channel_that_cannot_be() {
        Jvm.Run missing = jvm("refused")
                .options("-Dholdfast.channel.q=nsq://127.0.0.1:4151")
                .run(Killed.class.getName());
        assertThat(missing.exit()).isNotZero();
        assertThat(missing.err())
                .contains("holdfast.channel.q (system property) has no topic, was \"nsq://127.0.0.1:4151\"; expected:"
                        + " nsq://host:4151[,host:4151]/topic; correct it, or leave it out");

        Jvm.Run unknown = Jvm.of(Jdk.running())
                .classPath(Jvm.annotations())
                .options("-Dholdfast.channel.q=teams://host/?key=secret")
                .run("Missing");
        assertThat(unknown.exit()).isNotZero();
        assertThat(unknown.err())
                .contains("holdfast.channel.q (system property) has an unknown scheme, was \"teams://host/?key=…\"")
                .doesNotContain("secret")
                .doesNotContain("ClassNotFoundException");
    }

    @Test
    void a_fat_jar_does_not_start_either_with_a_channel_that_nothing_in_it_brings() throws IOException {
        Jvm.Run refused = fatJar("fat-refused");
        assertThat(refused.exit()).as("%s", refused).isNotZero();
        assertThat(refused.err()).contains("holdfast.channel.q (system property) has an unknown scheme");

        Path service = Jvm.work("fat-service").resolve("META-INF/services/dev.holdfast.NotificationChannel");
        Files.createDirectories(service.getParent());
        Files.writeString(service, "com.acme.Teams");
        Jvm.Run started = fatJar("fat-started", Jvm.work("fat-service"));
        assertThat(started.out()).as("%s", started).isEqualTo("started\n");
        assertThat(started.exit()).isZero();
    }

    private static Jvm.Run fatJar(String name, Path... more) {
        Path classes = Javac.into(Jvm.work(name), 17)
                .compile(
                        "shop/Shop.java",
                        "package shop; public class Shop { public static void main(String[] a) { System.out.println(\"started\"); } }");
        List<Path> contents = new ArrayList<>(List.of(more));
        contents.add(classes);
        Path jar = Jars.fatJar(
                Jvm.work("fat-jars").resolve(name + ".jar"),
                "shop.Shop",
                Jvm.libraries("spring-loader").get(0),
                List.of(Jvm.annotations()),
                contents.toArray(new Path[0]));
        return Jvm.of(Jdk.running())
                .classPath()
                .options("-Dholdfast.channel.q=teams://host/")
                .run("-jar", jar.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 300", "3, 0", "3, 300"})
    void keeps_what_fails_at_the_end_of_the_jvm(String before, String millis) throws IOException {
        Path events = folder.resolve("events.jsonl");
        jvm("last words")
                .options("-Dholdfast.notify=file", "-Dholdfast.channel.file=file:" + events)
                .run(LastWords.class.getName(), before, millis)
                .succeeds();
        Set<String> kept = new HashSet<>(onDisk("last failure \\d;"));
        if (Files.exists(events)) {
            Matcher told = Pattern.compile("last failure \\d;").matcher(Files.readString(events));
            while (told.find()) {
                kept.add(told.group());
            }
        }
        assertThat(kept).hasSize(10);
    }

    @Test
    void tells_a_channel_that_is_there_also_where_no_journal_can_be_kept() throws IOException {
        Path events = folder.resolve("events.jsonl");
        Path noFolder = Files.createFile(folder.resolve("file"));
        Jvm.Run run = Jvm.of(Jdk.running())
                .options(
                        "-Dholdfast.journal=" + noFolder,
                        "-Dholdfast.notify=file",
                        "-Dholdfast.channel.file=file:" + events)
                .run(LastWords.class.getName(), "300", "-1");
        run.succeeds();
        assertThat(run.err()).contains("no journal can be kept in " + noFolder);
        assertThat(Files.readAllLines(events)).hasSize(300);
    }

    @Test
    void counts_what_is_lost_where_no_journal_can_be_kept_and_a_channel_is_away() throws IOException {
        refusals.set(Integer.MAX_VALUE);
        Path events = folder.resolve("events.jsonl");
        Jvm.Run run = Jvm.of(Jdk.running())
                .options(
                        "-Dholdfast.journal=" + Files.createFile(folder.resolve("file")),
                        "-Dholdfast.notify=hook,file",
                        "-Dholdfast.channel.hook=" + hook(),
                        "-Dholdfast.channel.file=file:" + events)
                .run(LastWords.class.getName(), "20", "-1");
        run.succeeds();
        assertThat(run.err()).contains("the JVM ends, and 20 events are lost");
        assertThat(Files.readString(events)).contains("failure 19;").contains("\"dropped\":20");
    }

    @Test
    void keeps_nobody_waiting_at_the_end_for_a_receiver_that_is_away() {
        refusals.set(Integer.MAX_VALUE);
        long begun = System.nanoTime();
        List<String> lines = jvm("away").run(Killed.class.getName()).succeeds().lines();
        assertThat(lines).isEmpty();
        assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
    }
}
