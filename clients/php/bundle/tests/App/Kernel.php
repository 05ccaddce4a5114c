<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Monolog\Handler\TestHandler;
use Monolog\Logger;
use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Bundle\TwigBundle\TwigBundle;
use Symfony\Bundle\WebProfilerBundle\WebProfilerBundle;
use Symfony\Component\Config\Loader\LoaderInterface;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\DependencyInjection\Reference;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;
use Understudy\Client\Http\Clock as ClientClock;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\DecisionReviewed;
use Understudy\SymfonyBundle\Messenger\EventReceived;
use Understudy\SymfonyBundle\Messenger\PublishToSource;
use Understudy\SymfonyBundle\UnderstudyBundle;

/**
 * One application for every Symfony. Environments: `test` decides DecideMessage at once, `worker` through a transport,
 * `live` talks
 * to a real RabbitMQ, `fake` to nothing, `breaker` has one that is shared by a cache, `plain` has neither Messenger nor forms nor the profiler.
 */
final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function registerBundles(): iterable
    {
        yield new FrameworkBundle();
        yield new TwigBundle();
        if ($this->environment !== 'plain') {
            yield new WebProfilerBundle();
        }
        yield new UnderstudyBundle();
    }

    public function getProjectDir(): string
    {
        return __DIR__;
    }

    public function getCacheDir(): string
    {
        return sprintf('%s/understudy-bundle-%s-%d/%s%s', sys_get_temp_dir(), self::VERSION, getmypid(), $this->environment, $this->debug ? '-debug' : '');
    }

    public function getLogDir(): string
    {
        return $this->getCacheDir();
    }

    protected function configureContainer(ContainerBuilder $container, LoaderInterface $loader): void
    {
        $attributes = self::MAJOR_VERSION < 7 ? 'enable_annotations' : 'enable_attributes';
        // Of one attempt; the tests of a server that hangs set a short one.
        $container->setParameter('env(UNDERSTUDY_TIMEOUT)', '5.0');
        $framework = [
            'secret' => 'a secret of the tests',
            'test' => true,
            'http_method_override' => false,
            'router' => ['utf8' => true],
            'php_errors' => ['log' => true],
            'cache' => ['app' => 'cache.adapter.filesystem'],
            'http_client' => ['default_options' => ['max_redirects' => 0]],
        ];
        if (self::MAJOR_VERSION === 6) {
            $framework += ['handle_all_throwables' => true, 'annotations' => false];
        }
        if ($this->environment !== 'plain') {
            $framework += [
                'validation' => ['enabled' => true] + (self::MAJOR_VERSION < 7 && !class_exists(\Doctrine\Common\Annotations\AnnotationReader::class) && self::MAJOR_VERSION > 5 ? [] : [$attributes => true]),
                'form' => ['enabled' => true],
                'csrf_protection' => false,
                'profiler' => ['enabled' => $this->debug, 'collect' => true],
                'messenger' => [
                    'failure_transport' => 'failed',
                    'transports' => [
                        'async' => ['dsn' => 'in-memory://', 'retry_strategy' => ['max_retries' => 2, 'delay' => 0]],
                        'failed' => 'in-memory://',
                        'source' => ['dsn' => 'in-memory://'],
                    ],
                    'routing' => [PublishToSource::class => 'source'] + ($this->environment === 'worker' ? [DecideMessage::class => 'async'] : []),
                ],
            ];
            $container->loadFromExtension('web_profiler', ['toolbar' => true, 'intercept_redirects' => false]);
        }
        if ($this->environment === 'live') {
            $queue = (string) getenv('UNDERSTUDY_LIVE_QUEUE');
            $transport = static fn (string $name, array $more = []): array => $more + [
                'dsn' => getenv('UNDERSTUDY_LIVE_AMQP') . '/%%2f',
                'options' => ['exchange' => ['name' => $name, 'type' => 'fanout'], 'queues' => [$name => ['arguments' => ['x-queue-type' => 'quorum']]]],
            ];
            $framework['messenger'] = [
                'transports' => [
                    'decisions' => $transport($queue . '.work'),
                    'comments' => $transport($queue, ['serializer' => 'understudy.messenger.source_serializer']),
                    'decided' => $transport($queue . '.decided', ['serializer' => 'understudy.messenger.source_serializer']),
                ],
                'routing' => [PublishToSource::class => 'comments', DecideMessage::class => 'decisions'],
            ];
        }
        if ($this->environment === 'plain') {
            $framework += ['messenger' => ['enabled' => false], 'validation' => ['enabled' => false], 'form' => ['enabled' => false]];
            // FrameworkBundle 7.4 asks for it although there is no validator.
            $container->setParameter('validator.translation_domain', 'validators');
            if (class_exists(\Symfony\Component\RemoteEvent\RemoteEvent::class)) {
                $framework += ['webhook' => ['enabled' => false]];
            }
        }
        if (class_exists(\Symfony\Component\Webhook\Client\AbstractRequestParser::class) && $this->environment !== 'plain') {
            $framework['webhook'] = ['enabled' => true, 'routing' => ['understudy' => ['service' => 'understudy.webhook.request_parser', 'secret' => self::WEBHOOK_SECRET]]];
        }
        $container->loadFromExtension('framework', $framework);
        $container->loadFromExtension('twig', ['default_path' => __DIR__ . '/templates', 'strict_variables' => true]);
        $client = ['base_uri' => '%env(UNDERSTUDY_URL)%', 'api_key' => '%env(UNDERSTUDY_API_KEY)%', 'timeout' => '%env(float:UNDERSTUDY_TIMEOUT)%', 'total_timeout' => 20.0, 'max_retries' => 1, 'breaker' => $this->environment === 'breaker' ? ['threshold' => 2, 'cache' => 'cache.app'] : ['threshold' => 0]];
        $container->loadFromExtension('understudy', [
            'clients' => [
                'main' => $client + ['dashboard_url' => 'https://understudy.example.com'],
                'throwing' => ['fallback' => 'throw'] + $client,
            ],
            'webhook' => ['secrets' => [self::WEBHOOK_SECRET]],
        ] + ($this->environment !== 'plain' ? ['doctrine' => ['enabled' => true]] : []));

        if ($this->environment !== 'live') {
            $container->register(ClientClock::class, Clock::class);
        }
        if ($this->environment === 'fake') {
            $container->register('understudy.client.main', FakeUnderstudy::class)->setPublic(true);
        }
        $container->register('monolog.test_handler', TestHandler::class)->setPublic(true);
        $container->register('logger', Logger::class)->setArguments(['app', [new Reference('monolog.test_handler')]])->setPublic(true);
        $container->register(ForumController::class)->setAutowired(true)->setAutoconfigured(true)->setPublic(true)->addTag('controller.service_arguments');
        $container->setAlias('test.understudy.results', 'understudy.results')->setPublic(true);
        $container->register(PlainController::class)->setPublic(true)->addTag('controller.service_arguments');
        if ($this->environment !== 'plain') {
            $container->register(Database::class)->setArguments([new Reference('understudy.doctrine.listener')])->setPublic(true);
            $results = $container->register(Results::class)->setAutowired(true)->setPublic(true);
            foreach ([DecisionMade::class, DecisionReviewed::class, EventReceived::class] as $message) {
                $results->addTag('messenger.message_handler', ['handles' => $message]);
            }
            if (class_exists(\Symfony\Component\RemoteEvent\RemoteEvent::class)) {
                $container->register(RemoteEvents::class)->setAutowired(true)->setAutoconfigured(true)->setPublic(true);
            }
            foreach (['understudy.doctrine.listener', 'messenger.default_bus', 'understudy.messenger.handler'] as $id) {
                $container->setAlias('test.' . $id, $id)->setPublic(true);
            }
        }
    }

    public const WEBHOOK_SECRET = 'whsec_dGVzdHMgb2YgdGhlIGJ1bmRsZSwgMjQgYnl0ZXM=';

    protected function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->import('@UnderstudyBundle/config/routes/webhook.php');
        if (self::MAJOR_VERSION >= 6 && $this->environment !== 'plain' && class_exists(\Symfony\Component\Webhook\Client\AbstractRequestParser::class)) {
            $routes->import('@FrameworkBundle/Resources/config/routing/webhook.' . (self::MAJOR_VERSION < 7 ? 'xml' : 'php'))->prefix('/webhook');
        }
        if ($this->environment !== 'plain' && $this->debug) {
            $extension = self::MAJOR_VERSION < 7 ? 'xml' : 'php';
            $routes->import('@WebProfilerBundle/Resources/config/routing/wdt.' . $extension)->prefix('/_wdt');
            $routes->import('@WebProfilerBundle/Resources/config/routing/profiler.' . $extension)->prefix('/_profiler');
        }
        $routes->add('plain', '/nothing-of-understudy')->controller(PlainController::class);
        foreach (['idle', 'predict', 'later', 'many', 'throwing', 'uncaught', 'twig', 'resource', 'validate', 'form', 'dispatch', 'save'] as $action) {
            $routes->add($action, '/' . $action)->controller([ForumController::class, $action]);
        }
    }
}
