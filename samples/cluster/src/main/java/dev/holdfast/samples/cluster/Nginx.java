package dev.holdfast.samples.cluster;

import dev.holdfast.servers.Ports;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The load balancer. It needs nothing of the system but its executable: all of its files are in its own folder. */
final class Nginx implements AutoCloseable {

    /** How it chooses a node for a request. */
    enum Balance {
        ROUND_ROBIN(""),
        RANDOM("random;"),
        WEIGHTED(""),
        LEAST_CONN("least_conn;");

        private final String directive;

        Balance(String directive) {
            this.directive = directive;
        }

        /** What a node's weight is, beginning with node 1. */
        int weight(int node) {
            return this == WEIGHTED ? 3 - node : 1;
        }

        /** As on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final int port;
    private final List<Integer> nodes;
    private final Program program;

    private Nginx(String executable, Path folder, int port, List<Integer> nodes) throws IOException {
        this.port = port;
        this.nodes = nodes;
        Files.createDirectories(folder.resolve("temp"));
        this.program = new Program(
                "nginx",
                folder,
                List.of(
                        executable,
                        "-p",
                        folder + "/",
                        "-c",
                        folder.resolve("nginx.conf").toString(),
                        "-e",
                        folder.resolve("error.log").toString()));
    }

    /** The one on the PATH, or where Debian puts it, which is not on every user's. */
    static Optional<String> executable() {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"))
                .map(folder -> new File(folder, "nginx"))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }

    /**
     * Starts one.
     *
     * @param port 0 for any
     * @param nodes their ports
     */
    static Nginx start(Path folder, int port, Balance balance, List<Integer> nodes)
            throws IOException, InterruptedException {
        String executable = executable()
                .orElseThrow(() -> new IOException("nginx is missing. Install it (Debian: apt install nginx-light)."));
        Nginx nginx = new Nginx(executable, folder.toAbsolutePath(), port == 0 ? Ports.free() : port, nodes);
        nginx.write(balance);
        nginx.program.start();
        nginx.program.awaitReady(nginx::listens);
        return nginx;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** How many requests it has handed to another node, as the first did not take them. */
    long passedOn() throws IOException {
        try (Stream<String> lines = Files.lines(program.folder().resolve("access.log"))) {
            return lines.filter(line -> line.contains(", ")).count();
        }
    }

    /** Chooses otherwise from now on. Nobody may be under way. */
    void balance(Balance balance) throws IOException, InterruptedException {
        write(balance);
        List<Long> before = workers();
        program.signal("HUP");
        // The old workers end once they have nothing to do; until then they might take a connection.
        program.awaitReady(() -> workers().stream().noneMatch(before::contains));
    }

    private List<Long> workers() {
        return ProcessHandle.of(program.pid()).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    private void write(Balance balance) throws IOException {
        StringBuilder servers = new StringBuilder();
        for (int node = 0; node < nodes.size(); node++) {
            servers.append("    server 127.0.0.1:%d weight=%d max_fails=1 fail_timeout=1s;%n        "
                    .formatted(nodes.get(node), balance.weight(node)));
        }
        // Started by root, its workers would be nobody, who may not write into this folder.
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        Files.writeString(
                program.folder().resolve("nginx.conf"), """
                %s
                daemon off;
                worker_processes 2;
                pid nginx.pid;
                error_log error.log;

                events {
                    worker_connections 1024;
                }

                http {
                    upstream shop {
                        # The workers count together.
                        zone shop 64k;
                        %s
                    %s
                        # Connections are kept, for less long than a node keeps them: else a request might meet one that is just closed.
                        keepalive 32;
                        keepalive_timeout 5s;
                    }

                    log_format short '$request_method $uri $status $upstream_addr';
                    access_log access.log short;

                    client_body_temp_path temp/body;
                    proxy_temp_path temp/proxy;
                    fastcgi_temp_path temp/fastcgi;
                    uwsgi_temp_path temp/uwsgi;
                    scgi_temp_path temp/scgi;

                    server {
                        listen 127.0.0.1:%d;
                        keepalive_requests 1000000;

                        location / {
                            proxy_pass http://shop;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $http_host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_connect_timeout 1s;
                            proxy_read_timeout 15s;

                            # Where a node is gone the next one is asked. Not for a POST that a node may have begun with: it
                            # could have done its work already, and "non_idempotent" is not set.
                            proxy_next_upstream error timeout;
                            proxy_next_upstream_tries 3;
                        }
                    }
                }
                """.formatted(user, balance.directive, servers, port));
    }

    @Override
    public void close() {
        program.close();
    }
}
