package redeploy;

import java.nio.file.Path;

/** A servlet container in this JVM, on a loopback port of its own. There is one implementation for each product. */
public interface Container {

    /** Deploys a web application at /shop, and gives its class loader. */
    ClassLoader deploy(Path folder) throws Exception;

    void undeploy() throws Exception;

    int port();

    /** The one that is on the class path. */
    static Container start() throws Exception {
        return (Container) Class.forName("redeploy.Server").getConstructor().newInstance();
    }
}
