<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\DependencyInjection;

use Symfony\Component\Config\Definition\Exception\InvalidConfigurationException;
use Symfony\Component\Config\FileLocator;
use Symfony\Component\DependencyInjection\Argument\ServiceLocatorArgument;
use Symfony\Component\DependencyInjection\Argument\TaggedIteratorArgument;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\DependencyInjection\Definition;
use Symfony\Component\DependencyInjection\Extension\Extension;
use Symfony\Component\DependencyInjection\Extension\PrependExtensionInterface;
use Symfony\Component\DependencyInjection\Loader\PhpFileLoader;
use Symfony\Component\DependencyInjection\Reference;
use Understudy\Client\Http\Clock;
use Understudy\Client\Observer;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Client\ClientFactory;

final class UnderstudyExtension extends Extension implements PrependExtensionInterface
{
    /** A log channel of our own, where MonologBundle is. */
    public function prepend(ContainerBuilder $container): void
    {
        if ($container->hasExtension('monolog')) {
            $container->prependExtensionConfig('monolog', ['channels' => ['understudy']]);
        }
    }

    /** @param array<mixed> $config */
    public function getConfiguration(array $config, ContainerBuilder $container): Configuration
    {
        return new Configuration((bool) $container->getParameter('kernel.debug'));
    }

    /** @param array<mixed> $configs */
    public function load(array $configs, ContainerBuilder $container): void
    {
        $config = $this->processConfiguration($this->getConfiguration($configs, $container), $configs);
        $container->setParameter('understudy.results', $config['results']);
        $container->setParameter('understudy.messenger.bus', $config['messenger']['bus']);
        $container->setParameter('understudy.messenger.batch_size', $config['messenger']['batch_size']);
        $container->setParameter('understudy.webhook.secrets', array_values($config['webhook']['secrets']));
        $container->setParameter('understudy.webhook.tolerance', $config['webhook']['tolerance']);
        $container->setParameter('understudy.webhook.cache', $config['webhook']['cache']);
        $container->setParameter('understudy.webhook.remember', $config['webhook']['remember']);
        $container->registerForAutoconfiguration(Observer::class)->addTag('understudy.observer');

        $loader = new PhpFileLoader($container, new FileLocator(\dirname(__DIR__, 2) . '/config'));
        $loader->load('services.php');
        $container->getDefinition('understudy.webhook.intake')->setArgument('$seen', new Reference($config['webhook']['cache']));
        foreach (['messenger', 'validator', 'form', 'twig'] as $component) {
            if ($this->hasComponent($component)) {
                $loader->load($component . '.php');
            }
        }
        if ($this->hasComponent('webhook')) {
            $loader->load('remote_event.php');
        }
        if ($config['profiler']) {
            $loader->load('profiler.php');
        }
        if ($config['doctrine']['enabled']) {
            if (!interface_exists(\Symfony\Component\Messenger\MessageBusInterface::class)) {
                throw new InvalidConfigurationException('understudy.doctrine needs symfony/messenger.');
            }
            $loader->load('doctrine.php');
        }
        $this->clients($config, $container);
    }

    /** @param array<string, mixed> $config */
    private function clients(array $config, ContainerBuilder $container): void
    {
        $names = array_keys($config['clients']);
        $default = $config['default_client'] ?? $names[0] ?? null;
        if ($default !== null && !\in_array($default, $names, true)) {
            throw new InvalidConfigurationException(sprintf('understudy.default_client is "%s", but the clients are: %s.', $default, implode(', ', $names) ?: 'none'));
        }
        $container->setParameter('understudy.default_client', $default);
        $locator = $links = [];
        foreach ($config['clients'] as $name => $client) {
            $id = 'understudy.client.' . $name;
            $container->setDefinition($id, $this->client($name, $client));
            $locator[$name] = new Reference($id);
            $links[$name] = $client['dashboard_url'] ?? $client['base_uri'];
            $container->registerAliasForArgument($id, Understudy::class, (string) $name);
            $container->registerAliasForArgument($id, Understudy::class, $name . '.understudy');
        }
        $container->getDefinition('understudy.clients')
            ->setArgument('$clients', new ServiceLocatorArgument($locator))
            ->setArgument('$links', $links)
            ->setArgument('$default', $default);
        if ($default !== null) {
            $container->setAlias(Understudy::class, 'understudy.client.' . $default);
            $container->setAlias('understudy.client', 'understudy.client.' . $default);
        }
    }

    /** @param array<string, mixed> $client */
    private function client(string $name, array $client): Definition
    {
        return (new Definition(Understudy::class))
            ->setFactory([ClientFactory::class, 'create'])
            ->setArgument('$name', $name)
            ->setArgument('$config', array_diff_key($client, ['http_client' => 1, 'dashboard_url' => 1]))
            ->setArgument('$http', new Reference($client['http_client'], $client['http_client'] === 'http_client' ? ContainerInterface::NULL_ON_INVALID_REFERENCE : ContainerInterface::EXCEPTION_ON_INVALID_REFERENCE))
            ->setArgument('$observers', new TaggedIteratorArgument('understudy.observer'))
            ->setArgument('$logger', new Reference('logger', ContainerInterface::NULL_ON_INVALID_REFERENCE))
            ->setArgument('$breakerCache', $client['breaker']['cache'] === null ? null : new Reference($client['breaker']['cache']))
            ->setArgument('$clock', new Reference(Clock::class, ContainerInterface::NULL_ON_INVALID_REFERENCE))
            ->addTag('monolog.logger', ['channel' => 'understudy'])
            ->addTag('understudy.client', ['name' => $name]);
    }

    private function hasComponent(string $name): bool
    {
        return match ($name) {
            'messenger' => interface_exists(\Symfony\Component\Messenger\Handler\BatchHandlerInterface::class),
            'validator' => class_exists(\Symfony\Component\Validator\Constraint::class),
            'form' => class_exists(\Symfony\Component\Form\AbstractTypeExtension::class) && class_exists(\Symfony\Component\Validator\Constraint::class),
            'twig' => class_exists(\Twig\Extension\AbstractExtension::class),
            'webhook' => class_exists(\Symfony\Component\Webhook\Client\AbstractRequestParser::class) && class_exists(\Symfony\Component\RemoteEvent\RemoteEvent::class),
            default => throw new \LogicException($name),
        };
    }
}
