package redeploy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.loader.WebappLoader;
import org.apache.catalina.startup.Tomcat;

/** Tomcat. */
public final class Server implements Container {

    private final Tomcat tomcat = new Tomcat();
    private Context context;

    public Server() throws Exception {
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.start();
    }

    @Override
    public ClassLoader deploy(Path folder) {
        context = tomcat.addContext("/shop", folder.toString());
        if (!(context.getLoader() instanceof WebappLoader)) {
            throw new IllegalStateException("no loader of its own: " + context.getLoader());
        }
        Tomcat.addServlet(context, "shop", "shop.Shop");
        context.addServletMappingDecoded("/it/*", "shop");
        return context.getLoader().getClassLoader();
    }

    @Override
    public void undeploy() throws Exception {
        context.stop();
        context.destroy();
        tomcat.getHost().removeChild(context);
        context = null;
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }
}
