package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A client with a cookie, and a connection of its own to each server that it asks. Not thread-safe. */
final class SessionBrowser {

    String cookie = "";
    int status;
    final List<String> setCookies = new ArrayList<>();

    SessionBrowser() {}

    SessionBrowser(String cookie) {
        this.cookie = cookie;
    }

    String ask(SessionNode server, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                    + (cookie.isEmpty() ? "" : "Cookie: HSESSION=" + cookie + "\r\n") + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String first = in.readLine();
            if (first == null) {
                throw new IOException("no response");
            }
            status = Integer.parseInt(first.split(" ", 3)[1]);
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Set-cookie: HSESSION=")) {
                    setCookies.add(line);
                    String value = line.substring("Set-cookie: HSESSION=".length(), line.indexOf(';'));
                    cookie = value;
                }
            }
            String body = in.readLine();
            return body == null ? "" : body;
        }
    }
}
