package redeploy;

import java.nio.file.Path;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Jetty. */
public final class Server implements Container {

    private final org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();
    private final ServerConnector connector = new ServerConnector(jetty, 1, 1);
    private final ContextHandlerCollection contexts = new ContextHandlerCollection(true);
    private WebAppContext context;

    public Server() throws Exception {
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        jetty.setHandler(contexts);
        jetty.start();
    }

    @Override
    public ClassLoader deploy(Path folder) throws Exception {
        context = new WebAppContext();
        context.setContextPath("/shop");
        context.setBaseResourceAsPath(folder);
        context.addServlet("shop.Shop", "/it/*");
        contexts.addHandler(context);
        context.start();
        return context.getClassLoader();
    }

    @Override
    public void undeploy() throws Exception {
        context.stop();
        contexts.removeHandler(context);
        context.destroy();
        context = null;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }
}
