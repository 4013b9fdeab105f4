package osgi;

import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Program;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Runs an application in an OSGi framework, whose loaders delegate java.* and what a bundle imports. Its arguments: a folder, then the locations of
 * the bundle with the annotations, of the application that imports them, and of one that carries them inside.
 */
public final class Bundles {

    private static final List<WeakReference<ClassLoader>> DROPPED = new ArrayList<>();

    private Bundles() {}

    public static void main(String[] arguments) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        arguments[0],
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
        framework.start();
        Bundle annotations = install(framework, arguments[1]);
        Program.run("a_bundle_that_imports_the_annotations", () -> {
            Bundle bundle = install(framework, arguments[2]);
            Class<?> application = run(bundle);
            Expect.same(
                    annotations.loadClass("dev.holdfast.Recover"),
                    application.getClassLoader().loadClass("dev.holdfast.Recover"));
            bundle.uninstall();
        });
        Program.run("a_bundle_that_carries_the_annotations", () -> {
            Bundle bundle = install(framework, arguments[3]);
            Class<?> application = run(bundle);
            Expect.same(
                    application.getClassLoader(),
                    application.getClassLoader().loadClass("dev.holdfast.Recover").getClassLoader());
            bundle.uninstall();
        });
        Program.run("both_are_collected_when_uninstalled", () -> {
            Expect.equal(2, DROPPED.size());
            framework.adapt(FrameworkWiring.class).refreshBundles(null);
            while (DROPPED.stream().anyMatch(loader -> loader.get() != null)) {
                System.gc();
                LockSupport.parkNanos(20_000_000);
            }
        });
        System.exit(0);
    }

    private static Bundle install(Framework framework, String path) throws Exception {
        Bundle bundle = framework.getBundleContext().installBundle(URI.create("file:" + path).toString());
        bundle.start();
        return bundle;
    }

    /** What the application says is null if all is well. */
    private static Class<?> run(Bundle bundle) throws Exception {
        Class<?> application = bundle.loadClass("isolated.App");
        DROPPED.add(new WeakReference<>(application.getClassLoader()));
        Expect.equal(null, ((Callable<?>) application.getConstructor().newInstance()).call());
        return application;
    }
}
