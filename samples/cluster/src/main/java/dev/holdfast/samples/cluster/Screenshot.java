package dev.holdfast.samples.cluster;

import java.io.File;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A picture of the shop with something in the cart, by headless Chromium. */
final class Screenshot {

    private Screenshot() {}

    static void take(URI shop, Path work, String chromium, Path picture) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        for (String form : List.of("/login name=Anna", "/cart product=tea&count=2", "/cart product=saffron&count=1")) {
            String[] parts = form.split(" ", 2);
            HttpRequest request = HttpRequest.newBuilder(shop.resolve(parts[0]))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(parts[1]))
                    .build();
            client.send(request, BodyHandlers.discarding());
        }
        // The cookie is not the browser's, so the browser is given the page.
        Path page = work.toAbsolutePath().resolve("page.html");
        client.send(HttpRequest.newBuilder(shop).build(), BodyHandlers.ofFile(page));
        Files.deleteIfExists(picture);
        Process browser = new ProcessBuilder(
                        chromium,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--user-data-dir=" + work.toAbsolutePath().resolve("browser"),
                        "--window-size=1080,500",
                        "--screenshot=" + picture.toAbsolutePath(),
                        page.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        try {
            if (!browser.waitFor(60, TimeUnit.SECONDS) || !Files.exists(picture)) {
                throw new IOException(chromium + " made no picture");
            }
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
        }
    }
}
