package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Applications inside of servers and frameworks that have loaders of their own, and let go of them. */
class ContainersIT {

    @TestFactory
    Stream<DynamicNode> web_applications_on_tomcat() throws IOException {
        return redeployed("tomcat", Jvm.libraries("tomcat-jakarta"));
    }

    @TestFactory
    Stream<DynamicNode> web_applications_on_jetty() throws IOException {
        List<Path> libraries = new ArrayList<>(Jvm.libraries("jetty"));
        libraries.addAll(Jvm.libraries("jetty-jakarta"));
        libraries.addAll(Jvm.libraries("jetty-webapp"));
        return redeployed("jetty", libraries);
    }

    private static Stream<DynamicNode> redeployed(String product, List<Path> libraries) throws IOException {
        Path application = application(product, libraries);
        List<Path> classPath = new ArrayList<>(libraries);
        classPath.add(Jvm.programs());
        Path main = Javac.into(Jvm.work("redeploy-" + product), 17)
                .classPath(classPath)
                .compile(Jvm.source("apps/redeploy"), Jvm.source("apps/redeploy-" + product));
        classPath.add(main);
        return Jdk.all().stream().map(jdk -> {
            Path events = Jvm.work("redeploy-events").resolve(product + jdk.feature() + ".jsonl");
            Jvm.Run run = Jvm.of(jdk)
                    .classPath(classPath)
                    .options(
                            "-Dholdfast.channel.log=log:",
                            "-Dholdfast.channel.own=shop:here",
                            "-Dholdfast.channel.file=file:" + events,
                            "-Dholdfast.journal=" + Jvm.work("redeploy-journal"),
                            "-Xmx256m")
                    .run("redeploy.Redeploys", application.toString());
            return DynamicContainer.dynamicContainer(
                    jdk.toString(),
                    Cases.report(
                            List.of("runs_with_all_its_policies", "is_collected_when_undeployed", "again_and_again"),
                            run,
                            whole -> assertThat(Files.readString(
                                            Jvm.work("redeploy-log").resolve("shop.log")))
                                    .as("the application's own logging: %s", whole)
                                    .contains("shop.Shop", "attempts", "Internal Server Error")));
        });
    }

    /** A folder as it is deployed, with its own libraries. */
    private static Path application(String product, List<Path> compileTime) throws IOException {
        Path folder = Jvm.work("webapp-" + product);
        Path lib = Files.createDirectories(folder.resolve("WEB-INF/lib"));
        List<Path> own = Jvm.libraries("old").stream()
                .filter(jar -> jar.getFileName().toString().matches("(slf4j|logback).*"))
                .toList();
        for (Path jar :
                Stream.concat(own.stream(), Stream.of(Jvm.annotations())).toList()) {
            Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        List<Path> classPath = new ArrayList<>(compileTime);
        classPath.add(Jvm.annotations());
        Path classes = Javac.into(folder.resolve("WEB-INF/classes"), 17)
                .classPath(classPath)
                .compile(Jvm.source("apps/webapp"));
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.copy(
                Jvm.source("apps/webapp/META-INF/services/dev.holdfast.NotificationChannel"),
                services.resolve("dev.holdfast.NotificationChannel"));
        Files.writeString(classes.resolve("logback.xml"), """
                <configuration>
                  <appender name="file" class="ch.qos.logback.core.FileAppender">
                    <file>%s</file>
                    <append>true</append>
                    <encoder><pattern>%%level %%logger %%msg%%n</pattern></encoder>
                  </appender>
                  <root level="info"><appender-ref ref="file"/></root>
                </configuration>
                """.formatted(
                        Jvm.work("redeploy-log").resolve("shop.log")));
        return folder;
    }
}
