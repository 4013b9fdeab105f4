package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.session.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Sessions on the JDK's server, as a client sees them, with the usual bound of what is held and with another. */
class SessionHttpIT {

    @TestFactory
    Stream<DynamicNode> the_server_of_the_jdk() {
        return Stream.of(65_536, 300).map(held -> {
            List<String> expected = new ArrayList<>();
            Program.cases(Pages.class, false).forEach(method -> expected.add(Program.name(Pages.class, method)));
            Jvm.Run run = Jvm.of(Jdk.running())
                    .options("-Dholdfast.session.response=" + held)
                    .run(Program.class.getName(), Pages.class.getName());
            return DynamicContainer.dynamicContainer(
                    held + " bytes held", Cases.report(expected, run, SessionHttpIT::tellsOnceWhatIsHeavy));
        });
    }

    private static void tellsOnceWhatIsHeavy(Jvm.Run run) {
        assertThat(run.err().lines().filter(line -> line.contains("bytes, which travel with every read")))
                .as("%s", run)
                .singleElement()
                .asString()
                .contains("WARN", "Pages$Site.handle(HttpExchange): the session takes 71");
        assertThat(run.err())
                .as("%s", run)
                .contains(
                        "the session's \"huge\" takes more than the 1048576 bytes that a session may take; expected: less in it");
    }
}
