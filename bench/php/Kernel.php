<?php

declare(strict_types=1);

namespace Understudy\Bench;

use Psr\Log\NullLogger;
use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Bundle\TwigBundle\TwigBundle;
use Symfony\Component\Config\Loader\LoaderInterface;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\UnderstudyBundle;

/** One small application in production mode. Environment `with`: with the bundle; `without`: the same without it. */
final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function registerBundles(): iterable
    {
        yield new FrameworkBundle();
        yield new TwigBundle();
        if ($this->environment === 'with') {
            yield new UnderstudyBundle();
        }
    }

    public function getProjectDir(): string
    {
        return __DIR__;
    }

    public function getCacheDir(): string
    {
        return getenv('UNDERSTUDY_BENCH_CACHE') . '/' . $this->environment;
    }

    public function getLogDir(): string
    {
        return $this->getCacheDir();
    }

    protected function configureContainer(ContainerBuilder $container, LoaderInterface $loader): void
    {
        $container->loadFromExtension('framework', [
            'secret' => 'a secret of the benchmark',
            'http_method_override' => false,
            'router' => ['utf8' => true],
            'http_client' => [],
            'validation' => ['enabled' => true],
            'form' => ['enabled' => true],
            'csrf_protection' => false,
            'messenger' => [
                'transports' => ['async' => 'in-memory://'],
                'routing' => $this->environment === 'with' ? [DecideMessage::class => 'async'] : [],
            ],
        ] + (self::MAJOR_VERSION === 6 ? ['handle_all_throwables' => true, 'annotations' => false] : []));
        $container->loadFromExtension('twig', ['default_path' => __DIR__ . '/templates']);
        $container->register('logger', NullLogger::class)->setPublic(true);
        $container->register(PageController::class)->setAutowired(true)->setPublic(true)->addTag('controller.service_arguments');
        $container->setAlias('bench.bus', 'messenger.default_bus')->setPublic(true);
        $container->setAlias('bench.transport', 'messenger.transport.async')->setPublic(true);
        if ($this->environment === 'with') {
            $container->loadFromExtension('understudy', [
                'base_uri' => '%env(UNDERSTUDY_URL)%',
                'api_key' => '%env(UNDERSTUDY_API_KEY)%',
                'timeout' => 60.0,
                'total_timeout' => 120.0,
                'fallback' => 'throw',
                'webhook' => ['secrets' => ['whsec_' . base64_encode(str_repeat('b', 24))]],
            ]);
            $container->register(Results::class)->setPublic(true)
                ->addTag('messenger.message_handler', ['handles' => DecisionMade::class]);
            $container->setAlias('bench.clients', 'understudy.clients')->setPublic(true);
        }
    }

    protected function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->add('page', '/')->controller(PageController::class);
        if ($this->environment === 'with') {
            $routes->import('@UnderstudyBundle/config/routes/webhook.php');
        }
    }
}
