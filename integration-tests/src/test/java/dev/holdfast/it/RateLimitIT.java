package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.ratelimit.Changes;
import dev.holdfast.it.programs.ratelimit.Keys;
import dev.holdfast.it.programs.ratelimit.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code @RateLimited} promises within one JVM, under the agent and in real time. */
@Tag("alone")
class RateLimitIT {

    @TestFactory
    Stream<DynamicNode> limits() {
        return Cases.everywhere(Limits.class);
    }

    @Test
    void a_million_keys_fit_into_a_small_heap_and_none_gets_its_permits_back() {
        Jvm.Run run = Jvm.of(Jdk.running()).asDeployed().options("-Xmx128m").run(Keys.class.getName());
        assertThat(run.succeeds().lines()).containsExactly("limited");
    }

    @Test
    void what_was_taken_stays_taken_when_the_configuration_changes(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("holdfast.properties"), "");
        Jvm.Run run = Jvm.of(Jdk.running())
                .options("-Dholdfast.config=" + file)
                .run(Changes.class.getName(), file.toString());
        assertThat(run.succeeds().lines()).containsExactly("still taken");
    }

    @Test
    void check_tells_what_limits_come_to() {
        String limits = "dev.holdfast.it.programs.ratelimit.Limits$";
        assertThat(check().lines())
                .contains(
                        limits
                                + "Plain.of(String): @RateLimited 2 permits per 1h for each {user}, TOKEN_BUCKET of 2, in this"
                                + " JVM",
                        "FAULT " + limits + "Invalid.nothing(): @RateLimited permits must be 1 or more, was 0")
                .anyMatch(line ->
                        line.startsWith("FAULT " + limits + "Cluster.everywhere(): @RateLimited scope CLUSTER needs"));
        assertThat(check("-Dholdfast.redis=redis://127.0.0.1:1").lines())
                .contains(limits
                        + "Cluster.everywhere(): @RateLimited 5 permits per 1s, TOKEN_BUCKET of 5, over the cluster,"
                        + " LOCAL_SHARE without Redis");
    }

    private static String check(String... options) {
        List<String> command = new ArrayList<>(List.of(Jdk.running().java().toString()));
        command.addAll(List.of(options));
        command.addAll(
                List.of("-jar", Jvm.agent().toString(), "check", Jvm.programs().toString()));
        return Jvm.run(command).out();
    }
}
