<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use PHPUnit\Framework\TestCase;
use Symfony\Component\Config\Definition\Exception\InvalidConfigurationException;
use Symfony\Component\Config\Definition\Processor;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Client\Clients;
use Understudy\SymfonyBundle\DependencyInjection\Configuration;
use Understudy\SymfonyBundle\DependencyInjection\UnderstudyExtension;

final class ContainerTest extends TestCase
{
    private const CLIENT = ['base_uri' => 'http://understudy.test', 'api_key' => 'us_key'];

    public function testFiveLinesAreEnough(): void
    {
        $config = $this->process(self::CLIENT);

        self::assertSame(['default'], array_keys($config['clients']));
        self::assertSame('review', $config['clients']['default']['fallback']);
        self::assertSame(2.0, $config['clients']['default']['timeout']);
        self::assertFalse($config['doctrine']['enabled']);
    }

    public function testOneClientAtTheTopAndSeveralBelowExcludeEachOther(): void
    {
        $this->expectException(InvalidConfigurationException::class);
        $this->process(self::CLIENT + ['clients' => ['other' => self::CLIENT]]);
    }

    public function testAKeyIsNeeded(): void
    {
        $this->expectException(InvalidConfigurationException::class);
        $this->process(['base_uri' => 'http://understudy.test']);
    }

    public function testUnknownOptionsAreRefused(): void
    {
        $this->expectException(InvalidConfigurationException::class);
        $this->process(self::CLIENT + ['timeuot' => 3]);
    }

    public function testTheDefaultClientHasToExist(): void
    {
        $this->expectException(InvalidConfigurationException::class);
        $this->expectExceptionMessage('understudy.default_client is "none"');
        (new UnderstudyExtension())->load([['default_client' => 'none', 'clients' => ['main' => self::CLIENT]]], $this->container());
    }

    public function testClientsAreWiredByInterfaceAndByArgumentName(): void
    {
        $container = $this->container();
        (new UnderstudyExtension())->load([['clients' => ['main' => self::CLIENT, 'night' => self::CLIENT], 'default_client' => 'night']], $container);

        self::assertSame('understudy.client.night', (string) $container->getAlias(Understudy::class));
        self::assertSame('understudy.client.main', (string) $container->getAlias(Understudy::class . ' $main'));
        self::assertSame('understudy.client.main', (string) $container->getAlias(Understudy::class . ' $mainUnderstudy'));
        self::assertSame('understudy.client.night', (string) $container->getAlias(Understudy::class . ' $night'));
    }

    public function testTheBreakerIsKeptWhereTheApplicationSays(): void
    {
        $container = $this->container();
        (new UnderstudyExtension())->load([['clients' => ['main' => self::CLIENT, 'shared' => self::CLIENT + ['breaker' => ['cache' => 'cache.shared']]]]], $container);

        self::assertNull($container->getDefinition('understudy.client.main')->getArgument('$breakerCache'));
        self::assertSame('cache.shared', (string) $container->getDefinition('understudy.client.shared')->getArgument('$breakerCache'));
    }

    public function testTheLogChannelIsDeclaredWhereMonologBundleIs(): void
    {
        $container = $this->container();
        $container->registerExtension(new class () extends \Symfony\Component\DependencyInjection\Extension\Extension {
            public function load(array $configs, ContainerBuilder $container): void
            {
            }

            public function getAlias(): string
            {
                return 'monolog';
            }
        });
        (new UnderstudyExtension())->prepend($container);

        self::assertSame([['channels' => ['understudy']]], $container->getExtensionConfig('monolog'));
    }

    public function testEveryServiceThatLogsDoesSoInThatChannel(): void
    {
        $container = $this->container();
        (new UnderstudyExtension())->load([self::CLIENT + ['doctrine' => true]], $container);
        foreach ($container->getDefinitions() as $id => $definition) {
            if (\array_key_exists('$logger', $definition->getArguments())) {
                self::assertSame([['channel' => 'understudy']], $definition->getTag('monolog.logger'), $id);
            }
        }
    }

    public function testLinksShowNoPassword(): void
    {
        $clients = new Clients(new \Symfony\Component\DependencyInjection\ServiceLocator([]), ['main' => 'https://me:secret@desk.example.com/understudy/'], 'main');

        self::assertSame('https://desk.example.com/understudy/decisions/dec_1', $clients->link('dec_1'));
        self::assertNull($clients->link(''));
        $this->expectExceptionMessage('There is no Understudy client "other"');
        $clients->get('other');
    }

    /** @return array<string, mixed> */
    private function process(array $config): array
    {
        return (new Processor())->processConfiguration(new Configuration(), [$config]);
    }

    private function container(): ContainerBuilder
    {
        $container = new ContainerBuilder();
        $container->setParameter('kernel.debug', true);

        return $container;
    }
}
