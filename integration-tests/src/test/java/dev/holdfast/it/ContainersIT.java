package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Applications inside of servers and frameworks that have loaders of their own, and let go of them. */
class ContainersIT {

    private static final Pattern CASE = Pattern.compile("@Case\\s+void (\\w+)\\(");

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
            Path log = Jvm.work("redeploy-log").resolve("shop.log");
            Jvm.Run run = Jvm.of(jdk)
                    .classPath(classPath)
                    .options(
                            "-Dholdfast.channel.log=log:",
                            "-Dholdfast.channel.own=shop:here",
                            "-Dholdfast.channel.file=file:" + events,
                            "-Dholdfast.journal=" + Jvm.work("redeploy-journal"),
                            "-Xmx256m")
                    .run("redeploy.Redeploys", application.toString(), log.toString());
            return DynamicContainer.dynamicContainer(
                    jdk.toString(),
                    Cases.report(
                            List.of("runs_with_all_its_policies", "is_collected_when_undeployed", "again_and_again"),
                            run,
                            whole -> assertThat(Files.readString(log))
                                    .as("the application's own logging: %s", whole)
                                    .contains("shop.Shop", "attempts", "Internal Server Error")));
        });
    }

    @TestFactory
    Stream<DynamicNode> bundles_on_felix() throws IOException {
        Path classes = Javac.into(Jvm.work("bundle-classes"), 17)
                .classPath(Jvm.annotations())
                .compile(Jvm.source("apps/isolated"));
        Path imports = Jars.jar(
                Jvm.work("bundles").resolve("imports.jar"),
                Map.of(
                        "Bundle-ManifestVersion",
                        "2",
                        "Bundle-SymbolicName",
                        "app.imports",
                        "Import-Package",
                        "dev.holdfast;version=\"[0.1,2)\""),
                classes);
        Path carries = Jars.jar(
                Jvm.work("bundles").resolve("carries.jar"),
                Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "app.carries"),
                classes,
                Jvm.annotations());
        List<Path> classPath = new ArrayList<>(Jvm.libraries("felix"));
        classPath.add(Jvm.programs());
        classPath.add(Javac.into(Jvm.work("osgi"), 17).classPath(classPath).compile(Jvm.source("apps/osgi")));
        return Jdk.all().stream()
                .map(jdk -> DynamicContainer.dynamicContainer(
                        jdk.toString(),
                        Cases.report(
                                List.of(
                                        "a_bundle_that_imports_the_annotations",
                                        "a_bundle_that_carries_the_annotations",
                                        "both_are_collected_when_uninstalled"),
                                Jvm.of(jdk)
                                        .classPath(classPath)
                                        .run(
                                                "osgi.Bundles",
                                                Jvm.work("felix-" + jdk.feature())
                                                        .toString(),
                                                Jvm.annotations().toString(),
                                                imports.toString(),
                                                carries.toString()),
                                run -> {})));
    }

    @TestFactory
    Stream<DynamicNode> a_fat_jar_of_spring_boot() throws IOException {
        List<Path> libraries = new ArrayList<>(Jvm.libraries("spring"));
        libraries.add(Jvm.annotations());
        List<Path> compileTime = new ArrayList<>(libraries);
        compileTime.add(Jvm.programs());
        Path classes = Javac.into(Jvm.work("spring"), 17)
                .classPath(compileTime)
                .options("-parameters")
                .compile(Jvm.source("apps/spring"));
        Path jar = Jars.fatJar(
                Jvm.work("spring-jar").resolve("shop.jar"),
                "shop.Shop",
                Jvm.libraries("spring-loader").get(0),
                libraries,
                classes,
                Jvm.programs());
        List<String> expected = CASE.matcher(Files.readString(Jvm.source("apps/spring/shop/Shop.java")))
                .results()
                .map(found -> "Shop." + found.group(1))
                .toList();
        return Jdk.all().stream()
                .map(jdk -> DynamicContainer.dynamicContainer(
                        jdk.toString(),
                        Cases.report(
                                expected,
                                Jvm.of(jdk).classPath().run("-jar", jar.toString()),
                                run -> assertThat(run.err()).as("%s", run).doesNotContain("unprotected"))));
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
