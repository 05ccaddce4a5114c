<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\DependencyInjection;

use Symfony\Component\Config\Definition\Builder\ArrayNodeDefinition;
use Symfony\Component\Config\Definition\Builder\TreeBuilder;
use Symfony\Component\Config\Definition\ConfigurationInterface;
use Symfony\Component\Config\Definition\Exception\InvalidConfigurationException;

final class Configuration implements ConfigurationInterface
{
    /** What may stand at the top when there is one client only. */
    private const OF_A_CLIENT = [
        'base_uri', 'api_key', 'timeout', 'total_timeout', 'max_retries', 'fallback', 'concurrency', 'breaker', 'http_client', 'dashboard_url',
    ];

    public function __construct(private readonly bool $debug = false)
    {
    }

    public function getConfigTreeBuilder(): TreeBuilder
    {
        $tree = new TreeBuilder('understudy');
        $root = $tree->getRootNode();
        \assert($root instanceof ArrayNodeDefinition);
        $root
            ->beforeNormalization()
                ->ifTrue(static fn (mixed $config): bool => \is_array($config) && array_intersect_key($config, array_flip(self::OF_A_CLIENT)) !== [])
                ->then(static function (array $config): array {
                    if (isset($config['clients'])) {
                        throw new InvalidConfigurationException('Give either one client at the top, or several under "clients".');
                    }
                    $config['clients']['default'] = array_intersect_key($config, array_flip(self::OF_A_CLIENT));

                    return array_diff_key($config, array_flip(self::OF_A_CLIENT));
                })
            ->end()
            ->children()
                ->scalarNode('default_client')->defaultNull()->info('Name of the client that Understudy is autowired with; the first one when null.')->end()
                ->append($this->clients())
                ->booleanNode('profiler')->defaultValue($this->debug)->info('Record calls for the profiler panel.')->end()
                ->enumNode('results')->values(['auto', 'message', 'event'])->defaultValue('auto')
                    ->info('How DecisionMade and the others reach the application: dispatched on the message bus, or as events. auto: on the bus when there is one.')->end()
                ->arrayNode('messenger')->addDefaultsIfNotSet()->children()
                    ->scalarNode('bus')->defaultNull()->info('Id of the bus that results are dispatched on; the default bus when null.')->end()
                    ->integerNode('batch_size')->min(1)->max(1000)->defaultValue(500)->info('Messages that the handler of DecideMessage decides in one request, when so many wait.')->end()
                ->end()->end()
                ->arrayNode('webhook')->addDefaultsIfNotSet()->fixXmlConfig('secret')->children()
                    ->arrayNode('secrets')->beforeNormalization()->castToArray()->end()->scalarPrototype()->end()
                        ->info('whsec_…; two while you change over from one to the next.')->end()
                    ->integerNode('tolerance')->min(1)->defaultValue(300)->info('Seconds that the time of sending may lie from now.')->end()
                    ->scalarNode('cache')->defaultValue('cache.app')->info('PSR-6 pool that remembers the ids of events. Use one that all hosts share.')->end()
                    ->integerNode('remember')->min(600)->defaultValue(345600)->info('Seconds that ids are remembered. Deliveries are repeated for three days.')->end()
                ->end()->end()
                ->arrayNode('doctrine')->canBeEnabled()->info('Decide entities with #[Decide] when they are saved.')->end()
            ->end();

        return $tree;
    }

    private function clients(): ArrayNodeDefinition
    {
        $node = (new TreeBuilder('clients'))->getRootNode();
        \assert($node instanceof ArrayNodeDefinition);
        $client = $node->useAttributeAsKey('name')->normalizeKeys(false)->arrayPrototype();
        \assert($client instanceof ArrayNodeDefinition);
        $client->children()
            ->scalarNode('base_uri')->isRequired()->cannotBeEmpty()->info('Where Understudy is, e.g. "%env(UNDERSTUDY_URL)%".')->end()
            ->scalarNode('api_key')->isRequired()->cannotBeEmpty()->info('e.g. "%env(UNDERSTUDY_API_KEY)%".')->end()
            ->floatNode('timeout')->defaultValue(2.0)->info('Seconds that one attempt may take.')->end()
            ->floatNode('total_timeout')->defaultValue(5.0)->info('Seconds that a call may take with all repeats and waits.')->end()
            ->integerNode('max_retries')->defaultValue(2)->info('Repeats after the first attempt. They honour Retry-After.')->end()
            ->enumNode('fallback')->values(['review', 'throw'])->defaultValue('review')
                ->info('Of predictions that cannot be answered. review: a decision that a person has to make; the application goes on.')->end()
            ->integerNode('concurrency')->min(1)->defaultValue(4)->info('Requests that predictMany() has on the wire at once.')->end()
            ->arrayNode('breaker')->addDefaultsIfNotSet()->children()
                ->integerNode('threshold')->min(0)->defaultValue(5)->info('Failures in a row that open the breaker; 0: no breaker.')->end()
                ->floatNode('cooldown')->defaultValue(10.0)->info('Seconds that an open breaker waits before it lets one call try.')->end()
                ->scalarNode('cache')->defaultNull()->info('PSR-6 pool that keeps its state, so that all processes learn from the first that failed; null: APCu, else each process alone.')->end()
            ->end()->end()
            ->scalarNode('http_client')->defaultValue('http_client')->info('Service that makes the requests.')->end()
            ->scalarNode('dashboard_url')->defaultNull()->info('Where the links of the profiler lead; base_uri when null.')->end()
        ->end();

        return $node;
    }
}
