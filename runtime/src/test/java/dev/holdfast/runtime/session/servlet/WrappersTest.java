package dev.holdfast.runtime.session.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that are defined for a servlet API which is not on our class path. */
final class WrappersTest {

    private static URL jar(String name) throws ClassNotFoundException {
        return Class.forName(name + ".servlet.ServletRequest")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
    }

    /** As strict as a loader can be: it knows the API and the JDK. */
    private static Class<?> api(String name) throws Exception {
        URLClassLoader loader = new URLClassLoader(new URL[] {jar(name)}, ClassLoader.getPlatformClassLoader());
        return loader.loadClass(name + ".servlet.ServletRequest");
    }

    /** A request that has no cookies, and came by a secure connection. */
    private static Object request(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? true : null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void are_of_the_copy_that_the_request_is_of(String name) throws Exception {
        Class<?> api = api(name);
        Wrappers wrappers = Wrappers.of(api);
        assertThat(wrappers.httpRequest().getClassLoader()).isSameAs(api.getClassLoader());
        Object request = request(wrappers.httpRequest());
        assertThat(wrappers.cookies(request, "HSESSION")).isEmpty();
        assertThat(wrappers.isSecure(request)).isTrue();
        assertThat(wrappers.around(request)).isNull();
        assertThat(Wrappers.of(api)).isSameAs(wrappers);
        assertThat(Wrappers.of(api(name))).isNotSameAs(wrappers);
    }

    @Test
    void work_with_an_api_that_is_a_named_module() throws Exception {
        ModuleFinder finder = ModuleFinder.of(Path.of(jar("jakarta").toURI()));
        ModuleLayer boot = ModuleLayer.boot();
        Configuration resolved = boot.configuration().resolve(finder, ModuleFinder.of(), Set.of("jakarta.servlet"));
        ClassLoader loader = boot.defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader())
                .findLoader("jakarta.servlet");
        Class<?> api = loader.loadClass("jakarta.servlet.ServletRequest");
        assertThat(api.getModule().isNamed()).isTrue();
        Wrappers wrappers = Wrappers.of(api);
        assertThat(wrappers.cookies(request(wrappers.httpRequest()), "HSESSION"))
                .isEqualTo(List.of());
    }

    /** Nothing of an application that was undeployed is kept. */
    @Test
    void go_with_the_application() throws Exception {
        WeakReference<ClassLoader> application = used();
        await().until(() -> {
            System.gc();
            return application.get() == null;
        });
    }

    private static WeakReference<ClassLoader> used() throws Exception {
        Class<?> api = api("jakarta");
        Wrappers wrappers = Wrappers.of(api);
        wrappers.cookies(request(wrappers.httpRequest()), "HSESSION");
        return new WeakReference<>(api.getClassLoader());
    }
}
