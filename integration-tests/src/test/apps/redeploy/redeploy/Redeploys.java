package redeploy;

import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Program;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;

/** Deploys a web application again and again, as on a server that is up for months. Its arguments: the application's folder, and the file that its logging writes. */
public final class Redeploys {

    private Redeploys() {}

    public static void main(String[] arguments) throws Exception {
        // The pool's threads hold on to who made them; that shall not be the application.
        ForkJoinPool.commonPool().submit(() -> {}).get();
        Container container = Container.start();
        Path folder = Path.of(arguments[0]);
        System.setProperty("shop.first", "true");
        List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
        Path log = Path.of(arguments[1]);
        Program.run("runs_with_all_its_policies", () -> once(container, folder, dropped, () -> logged(log)));
        System.setProperty("shop.first", "false");
        Program.run("is_collected_when_undeployed", () -> gone(dropped));
        Program.run("again_and_again", () -> {
            for (int i = 0; i < 10; i++) {
                once(container, folder, dropped, () -> {});
            }
            gone(dropped);
        });
        System.exit(0);
    }

    private static void once(
            Container container, Path folder, List<WeakReference<ClassLoader>> dropped, Action beforeItsEnd)
            throws Throwable {
        dropped.add(new WeakReference<>(container.deploy(folder)));
        try {
            Expect.equal("200 ok", get(container, ""));
            Expect.equal("500 {\"error\":\"Internal Server Error\"}", get(container, "/failing"));
            beforeItsEnd.run();
        } finally {
            container.undeploy();
        }
    }

    /** Definitions are checked beside the program: on a busy machine that is told when an application that is there for a moment has gone. */
    private static void logged(Path log) throws IOException {
        while (!Files.exists(log) || !Files.readString(log).contains("attempts")) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static String get(Container container, String path) throws Exception {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + container.port() + "/shop/it" + path).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        int status = connection.getResponseCode();
        try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Waits until the collector has taken them all; the deadline of the case is the limit. */
    private static void gone(List<WeakReference<ClassLoader>> dropped) {
        if (dropped.isEmpty()) {
            throw new AssertionError("nothing was deployed");
        }
        while (dropped.stream().anyMatch(loader -> loader.get() != null)) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
        }
    }
}
